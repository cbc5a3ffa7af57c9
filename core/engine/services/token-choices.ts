import { createHash } from 'node:crypto';
import type { CertificateChoice, SigningPurpose } from '../../contract/certificate-choice.ts';
import type { ParsedInput } from '../../contract/procedures.ts';
import { namesKey } from '../../contract/same-key.ts';
import type { Token, TokenKey } from '../../contract/token.ts';
import type { TokenEntry } from '../../contract/token-register.ts';
import { LIST_PATIENCE_MS } from '../../ports/token-service.ts';
import { AnThuError } from '../../shared/errors.ts';
import { assessCertificate } from '../../signing/choice/assess-certificate.ts';
import { rankChoices } from '../../signing/choice/rank-choices.ts';
import { assertRightOwner } from '../../signing/choice/right-owner.ts';
import { assertMaySign } from '../../signing/signer-certificate.ts';
import type { TokenCertificateIdentity } from '../../token-register/token-register.ts';
import { loadAnchors, loadCertificates } from '../../trust/anchors.ts';
import type { EngineContext } from '../context.ts';
import { assertKeyAddress } from './key-address.ts';

/** Every key that is plugged in, the fittest for `purpose` first; what may not be used carries its obstacle. */
export async function tokenChoices(
  context: EngineContext,
  purpose: SigningPurpose,
): Promise<CertificateChoice[]> {
  const { anchors: anchorsAt, certificates } = context.folder;
  const [modules, anchors, authorities] = await Promise.all([
    context.tokens.list({ patienceMs: LIST_PATIENCE_MS }),
    loadAnchors([anchorsAt], 'signature'),
    loadCertificates([certificates]),
  ]);
  const at = context.clock.now();
  return rankChoices(
    modules.flatMap(({ tokens }) =>
      tokens.flatMap((token) =>
        token.keys.map((key): CertificateChoice => {
          const { certificate } = key;
          const recorded = certificate ? context.tokenRegister.purposeOf(certificate.fingerprint) : undefined;
          return {
            keyUri: key.uri,
            tokenId: token.id,
            tokenLabel: token.label,
            tokenKind: token.kind,
            keyLabel: key.label,
            certificate,
            assessment:
              certificate &&
              assessCertificate(Buffer.from(certificate.der, 'base64'), {
                purpose,
                at,
                anchors,
                authorities,
                recorded,
              }),
            rememberedName: rememberedName(context, token, key),
          };
        }),
      ),
    ),
  );
}

/** Stops a certificate that the register or the certificate itself calls a person's from signing as the agency. */
export function assertAgencyCertificate(context: EngineContext, der: Uint8Array): void {
  const recorded = context.tokenRegister.purposeOf(createHash('sha256').update(der).digest('hex'));
  assertRightOwner(der, { purpose: 'agency', guesses: 'count' }, recorded);
}

/**
 * Refuses, as far as its certificate can be seen now, a key that may not become the agency's. What cannot be seen is stopped when it
 * signs; an address that is none, or holds a PIN, is refused at once, for settings are written to the log.
 */
export async function assertAgencyKeyChoice(context: EngineContext, keyUri: string): Promise<void> {
  assertKeyAddress(keyUri);
  const found = await findKey(context, keyUri);
  if (!found?.key.certificate) return;
  const der = Buffer.from(found.key.certificate.der, 'base64');
  assertMaySign(der, context.clock.now());
  assertAgencyCertificate(context, der);
}

/** Enters a key that is plugged in. Fails with `token-register.not-plugged`, `token-register.already-entered`. */
export async function registerKey(
  context: EngineContext,
  input: ParsedInput<'token-register.add'>,
): Promise<TokenEntry> {
  const found = await findKey(context, input.keyUri);
  const certificate = found?.key.certificate;
  if (!found || !certificate) throw new AnThuError('token-register.not-plugged', { uri: input.keyUri });
  const { token, key } = found;
  const { name, holder, purpose, note } = input;
  return context.tokenRegister.add(
    {
      ...identityOf(token, certificate.fingerprint, key.id),
      tokenLabel: token.label,
      certificate,
      name,
      holder,
      purpose,
      note,
    },
    context.actor,
  );
}

interface FoundKey {
  readonly token: Token;
  readonly key: TokenKey;
}

async function findKey(context: EngineContext, keyUri: string): Promise<FoundKey | undefined> {
  for (const { path, tokens } of await context.tokens.list({ patienceMs: LIST_PATIENCE_MS }))
    for (const token of tokens) {
      const key = token.keys.find((candidate) => namesKey(keyUri, candidate, token, path));
      if (key) return { token, key };
    }
  return undefined;
}

function identityOf(token: Token, fingerprint: string, keyId: string): TokenCertificateIdentity {
  return { kind: token.kind, manufacturer: token.manufacturer, serial: token.serial, keyId, fingerprint };
}

function rememberedName(context: EngineContext, token: Token, key: TokenKey): string | null {
  if (!key.certificate) return null;
  return context.tokenRegister.find(identityOf(token, key.certificate.fingerprint, key.id))?.name ?? null;
}
