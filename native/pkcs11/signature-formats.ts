import { integer, nullValue, octetString, oid, sequence } from '../../core/asn1/der.ts';
import type { DigestAlgorithm } from '../../core/ports/signing-key.ts';

const digestOids: Readonly<Record<DigestAlgorithm, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** DigestInfo of PKCS#1 v1.5 (RFC 8017 §9.2), what CKM_RSA_PKCS pads and signs. */
export function digestInfo(algorithm: DigestAlgorithm, digest: Uint8Array): Uint8Array {
  return sequence(sequence(oid(digestOids[algorithm]), nullValue()), octetString(digest));
}

/** CKM_ECDSA's r‖s (two halves of equal length) as DER SEQUENCE {r, s}. */
export function ecdsaRawToDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}
