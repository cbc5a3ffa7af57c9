import { generateKeyPairSync, sign as signData, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { integer, nullValue, oid, sequence } from '../../core/asn1/der.ts';
import { issueCertificate, type IssuedCertificate } from '../../scripts/pki/index.ts';
import { codes, openWorkshop, type Workshop } from './signed-files.ts';
import { TrickShop, type Trick } from './trick-cms.ts';

// EdDSA (RFC 8032, 8410, 8419): checked to the bit, and not listed for official signatures (docs/decisions/disputed-cases.md).

let shop: Workshop;
let tricks: TrickShop;
let signers: Record<'ed25519' | 'ed448', IssuedCertificate>;

beforeAll(async () => {
  shop = await openWorkshop();
  tricks = await TrickShop.open(shop);
  const issue = async (name: string, key: KeyObject): Promise<IssuedCertificate> =>
    await issueCertificate(shop.pki, {
      subject: [['CN', name]],
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
      key,
    });
  signers = {
    ed25519: await issue('Ed25519', generateKeyPairSync('ed25519').privateKey),
    ed448: await issue('Ed448', generateKeyPairSync('ed448').privateKey),
  };
});

afterAll(() => shop.close());

const ids = { ed25519: sequence(oid('1.3.101.112')), ed448: sequence(oid('1.3.101.113')) };
const shakeWithLength = sequence(oid('2.16.840.1.101.3.4.2.18'), integer(512));
const pure = (toSign: Uint8Array, key: KeyObject): Uint8Array => signData(null, toSign, key);

const honest = (kind: 'ed25519' | 'ed448', more: Partial<Trick> = {}): Trick => ({
  digestName: kind === 'ed25519' ? 'sha512' : 'shake256',
  identity: signers[kind],
  certificates: [signers[kind].certificate, shop.pki.issuing.certificate],
  signatureId: ids[kind],
  value: pure,
  ...more,
});

it.each<[string, () => Trick]>([
  ['Ed25519 over SHA-512', () => honest('ed25519')],
  ['Ed448 over SHAKE256 as ISO/TS 32002 names it', () => honest('ed448')],
  [
    'Ed448 over SHAKE256 as RFC 8419 names it',
    () => honest('ed448', { signerDigest: shakeWithLength, listedDigest: shakeWithLength }),
  ],
  ['Ed25519 without signed attributes', () => honest('ed25519', { attributes: () => undefined, subFilter: 'adbe.pkcs7.detached' })],
])('%s is right by its numbers, and undecided since no rule lists it', async (_name, trick) => {
  const signature = await tricks.verify(trick());
  expect(signature).toMatchObject({
    integrity: true,
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
  });
  expect(codes(signature)).toContain('verify.algorithm-not-listed');
}); // prettier-ignore

it.each<[string, () => Trick]>([
  ['a bit of the value turned', () => honest('ed25519', { value: (toSign, key) => flip(pure(toSign, key), 3) })],
  ['the sign bit of R turned', () => honest('ed25519', { value: (toSign, key) => flip(pure(toSign, key), 31) })],
  ['a value of zeros', () => honest('ed25519', { value: () => Buffer.alloc(64) })],
  ['S not reduced', () => honest('ed25519', { value: (toSign, key) => unreduced(pure(toSign, key)) })],
  ['a value too long', () => honest('ed25519', { value: (toSign, key) => Buffer.concat([pure(toSign, key), Buffer.alloc(1)]) })],
  ['an Ed448 value with its last byte set', () => honest('ed448', { value: (toSign, key) => flip(pure(toSign, key), 113) })],
  ['the other curve named', () => honest('ed448', { signatureId: ids.ed25519, digestName: 'sha512' })],
])('EdDSA with %s fails', async (_name, trick) => {
  const signature = await tricks.verify(trick());
  expect(signature).toMatchObject({ indication: 'TOTAL_FAILED', subIndication: 'SIG_CRYPTO_FAILURE' });
}); // prettier-ignore

it('an EdDSA signature over changed bytes fails', async () => {
  const file = tricks.make(honest('ed25519'));
  file.write('9', file.indexOf('(So: 12/UBND)') + 5, 'latin1');
  const report = await shop.verify(await shop.write('changed.pdf', file));
  expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_FAILED', subIndication: 'HASH_FAILURE' });
});

it.each<[string, () => Trick]>([
  ['parameters, which EdDSA has not', () => honest('ed25519', { signatureId: sequence(oid('1.3.101.112'), nullValue()) })],
  ['another digest than its own', () => honest('ed25519', { digestName: 'sha256' })],
  ['SHAKE256 of another length', () => honest('ed448', { signerDigest: sequence(oid('2.16.840.1.101.3.4.2.18'), integer(256)), listedDigest: sequence(oid('2.16.840.1.101.3.4.2.18'), integer(256)) })],
])('EdDSA with %s is not supported, and undecided', async (_name, trick) => {
  const signature = await tricks.verify(trick());
  expect(signature).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE' });
  expect(codes(signature)).toContain('verify.algorithm-unsupported');
}); // prettier-ignore

function flip(value: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(value);
  copy[at] = (copy[at] ?? 0) ^ 0x80;
  return copy;
}

/** The value with the group's order added to S: the same equation, which RFC 8032 5.1.7 refuses. */
function unreduced(value: Uint8Array): Uint8Array {
  const order = (1n << 252n) + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(value.subarray(32).toReversed()).toString('hex')}`);
  const moved = Buffer.from((s + order).toString(16).padStart(64, '0'), 'hex').toReversed();
  return Buffer.concat([value.subarray(0, 32), moved]);
}
