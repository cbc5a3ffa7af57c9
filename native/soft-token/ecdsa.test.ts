import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { ecdsaSign } from './ecdsa.ts';

const message = Buffer.from('Văn bản thử nghiệm');

test.each([
  ['P-256', 256],
  ['P-384', 384],
  ['P-521', 521],
] as const)('signatures on %s over every digest are good to OpenSSL, and no two are alike', (curve, bits) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  for (const algorithm of ['sha256', 'sha384', 'sha512'] as const) {
    const digest = createHash(algorithm).update(message).digest();
    const seen = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const signature = ecdsaSign(privateKey, bits, digest);
      expect(verify(algorithm, message, publicKey, signature)).toBe(true);
      expect(verify(algorithm, Buffer.from('khác'), publicKey, signature)).toBe(false);
      seen.add(Buffer.from(signature).toString('hex'));
    }
    expect(seen.size).toBe(12);
  }
});

test('a digest of zeros is signed like any other', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(ecdsaSign(privateKey, 256, new Uint8Array(32)).length).toBeGreaterThan(60);
});
