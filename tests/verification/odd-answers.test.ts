import type { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  bitString,
  boolean,
  children,
  contextConstructed,
  contextPrimitive,
  decode,
  encode,
  generalizedTime,
  octetString,
  oid,
  sequence,
  tag,
} from '../../core/asn1/der.ts';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate, type Certificate } from '../../core/trust/certificate.ts';
import { encodeOcspRequest } from '../../core/trust/ocsp-message.ts';
import { oids } from '../../core/trust/oids.ts';
import { readEvidence } from '../../core/trust/revocation-evidence.ts';
import { certificateStatus } from '../../core/trust/revocation-status.ts';
import {
  extendedKeyUsageExtension,
  keyHash,
  keyUsageExtension,
  publicKeyInfo,
  signatureAlgorithmOf,
  signBytes,
  type ExtensionPart,
} from '../../scripts/pki/certificate-builder.ts';
import { issueCertificate, type IssuedCertificate } from '../../scripts/pki/index.ts';
import { openWorkshop, type Workshop } from './signed-files.ts';

// OCSP answers that are rightly signed and still odd (RFC 6960): none of them makes a certificate "good" that is not.

const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const noCheck: ExtensionPart = { id: oids.ocspNoCheck, critical: false, value: Uint8Array.of(5, 0) };

let shop: Workshop;
let leaf: Certificate;
let issuer: Certificate;
let responder: IssuedCertificate;

async function responderWith(extensions: readonly ExtensionPart[]): Promise<IssuedCertificate> {
  return await issueCertificate(shop.pki, {
    subject: [['CN', 'Máy trả lời']],
    notBefore: ago(600),
    notAfter: ago(-600),
    extensions,
  });
}

const usual = (): ExtensionPart[] => [
  keyUsageExtension(['digitalSignature']),
  extendedKeyUsageExtension([oids.ocspSigning], 'not-critical'),
  noCheck,
];

beforeAll(async () => {
  shop = await openWorkshop();
  const { certificate } = await issueCertificate(shop.pki, {
    subject: [['CN', 'Người ký']],
    notBefore: ago(600),
    notAfter: ago(-600),
  });
  leaf = parseCertificate(certificate);
  issuer = parseCertificate(shop.pki.issuing.certificate);
  responder = await responderWith(usual());
});

afterAll(() => shop.close());

const good = contextPrimitive(0, new Uint8Array());
const unknown = contextPrimitive(2, new Uint8Array());
const revoked = (): Uint8Array => contextConstructed(1, generalizedTime(ago(30)));

interface Single {
  readonly status?: Uint8Array;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly extensions?: Uint8Array;
}

function certificateId(): Uint8Array {
  let node = decode(encodeOcspRequest(leaf, issuer));
  for (let depth = 0; depth < 4; depth++) node = children(node)[0] ?? node;
  return node.raw;
}

const single = ({ status = good, thisUpdate = ago(1), nextUpdate = ago(-60), extensions }: Single = {}): Uint8Array =>
  sequence(
    certificateId(), status, generalizedTime(thisUpdate),
    ...(nextUpdate ? [contextConstructed(0, generalizedTime(nextUpdate))] : []),
    ...(extensions ? [contextConstructed(1, extensions)] : []),
  ); // prettier-ignore

interface Answer {
  readonly singles?: readonly Uint8Array[];
  readonly by?: IssuedCertificate;
  readonly producedAt?: Date;
  readonly extensions?: Uint8Array;
  /** Whose key the answer says it is by. */
  readonly named?: KeyObject;
}

function answer({ singles = [single()], by = responder, producedAt = ago(1), extensions, named = by.key }: Answer = {}): Uint8Array {
  const data = sequence(
    contextConstructed(2, octetString(keyHash(publicKeyInfo(named)))),
    generalizedTime(producedAt),
    sequence(...singles),
    ...(extensions ? [contextConstructed(1, extensions)] : []),
  );
  const basic = sequence(
    data, signatureAlgorithmOf(by.key), bitString(signBytes(by.key, data)),
    contextConstructed(0, sequence(by.certificate)),
  );
  const bytes = sequence(oid(oids.ocspBasic), octetString(basic));
  return sequence(encode(tag.enumerated, Uint8Array.of(0)), contextConstructed(0, bytes));
} // prettier-ignore

const statusBy = (bytes: Uint8Array): string =>
  certificateStatus(leaf, issuer, {
    at: new Date(),
    now: new Date(),
    evidence: readEvidence('embedded', { lists: [], responses: [bytes] }),
    pool: [],
    anchors: [trustAnchor(parseCertificate(shop.pki.root.certificate), 'signature')],
  }).kind;

const critical = (id: string): Uint8Array =>
  sequence(sequence(oid(id), boolean(true), octetString(Uint8Array.of(5, 0))));
const strange = '1.3.6.1.4.1.32473.99';

it.each<[string, () => Uint8Array]>([
  ['an ordinary answer', () => answer()],
  ['an answer with a critical nonce', () => answer({ extensions: critical(oids.ocspNonce) })],
  ['an answer without an end, of this minute', () => answer({ singles: [single({ nextUpdate: null })] })],
  ['an answer of the issuer itself', () => answer({ by: { certificate: shop.pki.issuing.certificate, key: shop.pki.issuing.key } })],
])('%s says good', (_name, make) => {
  expect(statusBy(make())).toBe('good');
}); // prettier-ignore

it.each<[string, () => Uint8Array | Promise<Uint8Array>, 'unknown' | 'revoked']>([
  ['an answer of the future', () => answer({ singles: [single({ thisUpdate: ago(-60), nextUpdate: ago(-120) })], producedAt: ago(-60) }), 'unknown'],
  ['an answer whose end lies behind it', () => answer({ singles: [single({ thisUpdate: ago(120), nextUpdate: ago(60) })] }), 'unknown'],
  ['an answer without an end, of last week', () => answer({ singles: [single({ thisUpdate: ago(10_080), nextUpdate: null })] }), 'unknown'],
  ['good and then revoked in one answer', () => answer({ singles: [single(), single({ status: revoked() })] }), 'revoked'],
  ['good and then unknown in one answer', () => answer({ singles: [single(), single({ status: unknown })] }), 'unknown'],
  ['a critical extension of the answer that nobody knows', () => answer({ extensions: critical(strange) }), 'unknown'],
  ['a critical extension of the single answer', () => answer({ singles: [single({ extensions: critical(strange) })] }), 'unknown'],
  ['a name of another key', () => answer({ named: shop.pki.tsa.key }), 'unknown'],
  ['a responder whose key may not sign', async () => answer({ by: await responderWith([keyUsageExtension(['keyEncipherment']), extendedKeyUsageExtension([oids.ocspSigning], 'not-critical'), noCheck]) }), 'unknown'],
  ['a responder with a critical extension that nobody knows', async () => answer({ by: await responderWith([...usual(), { id: strange, critical: true, value: Uint8Array.of(5, 0) }]) }), 'unknown'],
  ['a responder that must be looked up and cannot', async () => answer({ by: await responderWith(usual().slice(0, 2)) }), 'unknown'],
])('%s does not', async (_name, make, expected) => {
  expect(statusBy(await make())).toBe(expected);
}); // prettier-ignore
