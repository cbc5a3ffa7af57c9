import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { contextConstructed, integer, nullValue, oid, sequence } from '../asn1/der.ts';
import { readSignatureAlgorithm, signatureMatches } from './signature-algorithm.ts';

const data = Buffer.from('văn bản');
const pkcs1 = { scheme: 'rsa-pkcs1', digest: 'sha256' } as const;
const sizeBytes = 256;

/** DigestInfo of SHA-256 behind a PKCS#1 block of the given filling. */
function block(filling: number): Buffer {
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const head = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(filling, 0xff), Buffer.from([0])]);
  return Buffer.concat([head, info, createHash('sha256').update(data).digest()]);
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytesOf = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(sizeBytes * 2, '0'), 'hex');

function cubeRoot(value: bigint): bigint {
  let low = 0n;
  let high = 1n << 700n;
  while (low < high) {
    const middle = (low + high) >> 1n;
    if (middle ** 3n < value) low = middle + 1n;
    else high = middle;
  }
  return low;
}

it('takes an honest value', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(signatureMatches(pkcs1, publicKey, data, sign('sha256', data, privateKey))).toBe(true);
});

it('refuses a key with exponent 1, whose every block is its own signature', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n } = publicKey.export({ format: 'jwk' });
  if (n === undefined) throw new Error('no modulus');
  const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQ' }, format: 'jwk' });
  const whole = block(sizeBytes - block(0).length);
  expect(whole).toHaveLength(sizeBytes);
  expect(signatureMatches(pkcs1, key, data, whole)).toBe(false);
});

it('refuses a cube root whose block is right at its beginning only', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
  const beginning = block(8);
  const wanted = Buffer.concat([beginning, Buffer.alloc(sizeBytes - beginning.length)]);
  const forged = cubeRoot(numberOf(wanted));
  expect(bytesOf(forged ** 3n).subarray(0, beginning.length)).toEqual(beginning);
  expect(signatureMatches(pkcs1, publicKey, data, bytesOf(forged))).toBe(false);
});

const pssId = '1.2.840.113549.1.1.10';
const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const sha1 = sequence(oid('1.3.14.3.2.26'), nullValue());
const mask = (digest: Uint8Array): Uint8Array => sequence(oid('1.2.840.113549.1.1.8'), digest);
const pss = (...fields: Uint8Array[]): Uint8Array => sequence(oid(pssId), sequence(...fields));

it.each<[string, Uint8Array]>([
  ['two digests', pss(contextConstructed(0, sha256), contextConstructed(1, mask(sha1)))],
  ['another trailer', pss(contextConstructed(0, sha256), contextConstructed(1, mask(sha256)), contextConstructed(3, integer(2)))],
  ['another mask', pss(contextConstructed(1, sequence(oid('1.2.3.4'), sha256)))],
  ['no parameters', sequence(oid(pssId))],
])('does not support PSS with %s', (_name, identifier) => {
  expect(readSignatureAlgorithm(identifier)).toBeUndefined();
}); // prettier-ignore

it('checks the salt length that PSS names', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const value = sign('sha256', data, { key: privateKey, padding: 6, saltLength: 32 });
  const named = (salt: number) =>
    readSignatureAlgorithm(
      pss(
        contextConstructed(0, sha256),
        contextConstructed(1, mask(sha256)),
        contextConstructed(2, integer(salt)),
      ),
    );
  const [right, wrong] = [named(32), named(20)];
  expect(right && signatureMatches(right, publicKey, data, value)).toBe(true);
  expect(wrong && signatureMatches(wrong, publicKey, data, value)).toBe(false);
});
