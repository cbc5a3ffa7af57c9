import type { Token, TokenKey } from '../../core/contract/token.ts';
import type { KeyDescription } from '../../core/ports/signing-key.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { chainFrom, publicKeyShape, summarizeCertificate } from '../token-host/certificate-summary.ts';
import { type PluggedToken, slotName } from './module.ts';
import { parsePkcs11Uri } from './pkcs11-uri.ts';
import { asksOnPinPad, pinStateOf, tokenFlag } from './token-flags.ts';
import { keyUri, tokenId, tokenUri } from './token-identity.ts';
import { chooseCertificate, certificatesOfKeys, type TokenCertificate } from './token-objects.ts';

export interface ResolvedKey {
  readonly key: KeyDescription;
  readonly certificate: TokenCertificate;
  /** When the certificate counts, ISO instants. */
  readonly life: { readonly notBefore: string; readonly notAfter: string };
}

/** The key that `uri` names among the certificates of a token. Errors: those of `chooseCertificate`, `token.key-not-permitted`. */
export function resolveKey(
  certificates: readonly TokenCertificate[],
  token: PluggedToken,
  uri: string,
  modulePath: string,
): ResolvedKey {
  const certificate = chooseCertificate(certificates, parsePkcs11Uri(uri));
  const shape = publicKeyShape(certificate.der);
  if (!shape) throw new AnThuError('token.key-not-permitted', { uri });
  const others = certificates.map((other) => other.der);
  const key = {
    ...shape,
    uri: keyUri(token, certificate.id, certificate.label, modulePath),
    label: certificate.label,
    certificate: certificate.der,
    chain: chainFrom(certificate.der, others),
  };
  const { notBefore, notAfter } = summarizeCertificate(certificate.der);
  return { key, certificate, life: { notBefore, notAfter } };
}

function describeKey(certificate: TokenCertificate, token: PluggedToken, modulePath: string): TokenKey {
  const shape = publicKeyShape(certificate.der);
  return {
    uri: keyUri(token, certificate.id, certificate.label, modulePath),
    label: certificate.label,
    id: certificate.id,
    keyType: shape?.keyType ?? null,
    bits: shape?.bits ?? null,
    certificate: summarizeCertificate(certificate.der),
  };
}

/** A token as the contract shows it. Our own count of failures is added by the client, which outlives the host. */
export function describeToken(
  token: PluggedToken,
  certificates: readonly TokenCertificate[],
  state: { readonly modulePath: string; readonly unlocked: boolean },
): Token {
  return {
    id: tokenId(token),
    kind: 'pkcs11',
    label: token.label,
    manufacturer: token.manufacturer,
    model: token.model,
    serial: token.serial,
    slot: slotName(token.slot),
    pinState: pinStateOf(token.flags),
    pinLength: { min: token.minPinLength, max: token.maxPinLength },
    failedTries: 0,
    pinPad: asksOnPinPad(token.flags),
    unlocked: state.unlocked,
    keys: keysOf(token, certificates, state),
  };
}

/** Some tokens list certificates only after login: until then the token itself stands for its key, so that it can be opened. */
function keysOf(
  token: PluggedToken,
  certificates: readonly TokenCertificate[],
  { modulePath, unlocked }: { readonly modulePath: string; readonly unlocked: boolean },
): TokenKey[] {
  if (certificates.length > 0 || unlocked || (token.flags & tokenFlag.loginRequired) === 0)
    return certificatesOfKeys(certificates).map((one) => describeKey(one, token, modulePath));
  const uri = tokenUri(token, modulePath);
  return [{ uri, label: token.label, id: '', keyType: null, bits: null, certificate: null }];
}
