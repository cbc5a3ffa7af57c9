import { constants, type KeyObject, publicDecrypt, X509Certificate } from 'node:crypto';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { digestInfo } from '../pkcs11/signature-formats.ts';
import type { UncheckedSignature } from './backend.ts';
import { pssMatches } from './rsa-pss.ts';

/**
 * Checks a fresh RSA signature with the key of the certificate before it leaves the token host, so that a
 * driver that signs wrongly, or a certificate of another key, is found here (`token.key-mismatch`).
 * ECDSA over a ready digest cannot be verified with node:crypto; the signing room verifies the finished CMS.
 */
export function assertSignatureFits(
  { key, token, signature }: UncheckedSignature,
  request: SignRequest,
): void {
  if (request.scheme === 'ecdsa') return;
  if (!rsaFits(key, request, signature)) throw new AnThuError('token.key-mismatch', { uri: key.uri, token });
}

const publicKeys = new WeakMap<KeyDescription, KeyObject>();

/** Parsed once a key: in a batch the parsing would cost as much as the signature. */
function publicKeyOf(key: KeyDescription): KeyObject {
  const known = publicKeys.get(key) ?? new X509Certificate(key.certificate).publicKey;
  publicKeys.set(key, known);
  return known;
}

function rsaFits(key: KeyDescription, request: SignRequest, signature: Uint8Array): boolean {
  const publicKey = publicKeyOf(key);
  try {
    // A bare key means PKCS#1 padding, and is taken in half the time of one with options.
    if (request.scheme === 'rsa-pkcs1')
      return publicDecrypt(publicKey, signature).equals(digestInfo(request.digestAlgorithm, request.digest));
    const block = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature);
    return pssMatches(request.digestAlgorithm, request.digest, key.bits, block);
  } catch {
    return false;
  }
}

/** Asserts that the scheme fits the key type and the digest its algorithm. */
export function assertRequestFits(key: KeyDescription, request: SignRequest): void {
  const lengths = { sha256: 32, sha384: 48, sha512: 64 };
  const { scheme } = request;
  if ((scheme === 'ecdsa') !== (key.keyType === 'ec'))
    throw new AnThuError('token.scheme-mismatch', { scheme, keyType: key.keyType });
  if (request.digest.length !== lengths[request.digestAlgorithm])
    throw new AnThuError('general.invalid-input', { reason: 'digest length' });
}
