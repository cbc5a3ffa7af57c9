import {
  constants,
  createHash,
  generateKeyPairSync,
  privateEncrypt,
  publicDecrypt,
  sign,
  verify,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pssEncode, pssMatches } from './rsa-pss.ts';

const message = Buffer.from('công văn');

describe.each([1024, 1025, 2048])('PSS with a modulus of %i bits', (modulusLength) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const digest = createHash('sha256').update(message).digest();
  const raw = constants.RSA_NO_PADDING;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

  test('made by us is verified by node:crypto', () => {
    const signature = privateEncrypt(
      { key: privateKey, padding: raw },
      pssEncode('sha256', digest, modulusLength),
    );
    expect(verify('sha256', message, { key: publicKey, ...pss }, signature)).toBe(true);
  });

  test('made by node:crypto is verified by us, and no other digest is', () => {
    const block = publicDecrypt(
      { key: publicKey, padding: raw },
      sign('sha256', message, { key: privateKey, ...pss }),
    );
    expect(pssMatches('sha256', digest, modulusLength, block)).toBe(true);
    const other = createHash('sha256').update('khác').digest();
    expect(pssMatches('sha256', other, modulusLength, block)).toBe(false);
  });
});
