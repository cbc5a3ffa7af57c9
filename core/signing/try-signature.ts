import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import type { SigningKey } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';

/** Stands before the random bytes, so that nobody can take a trial for a signature over something else. */
const heading = 'Ấn Thư: ký thử, không phải văn bản\n';

/**
 * One signature to see that a key works, over random bytes that are no document's, checked with the certificate. Errors:
 * those of the token, `signing.bad-signature`.
 */
export async function trySignature(key: SigningKey): Promise<void> {
  const data = Buffer.concat([Buffer.from(heading), randomBytes(32)]);
  const scheme = key.keyType === 'rsa' ? 'rsa-pkcs1' : 'ecdsa';
  const digest = createHash('sha256').update(data).digest();
  const signature = await key.sign({ scheme, digestAlgorithm: 'sha256', digest });
  const { publicKey } = new X509Certificate(key.certificate);
  if (!verify('sha256', data, publicKey, signature)) throw new AnThuError('signing.bad-signature');
}
