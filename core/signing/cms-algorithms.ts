import { nullValue, oid, sequence, contextConstructed, integer } from '../asn1/der.ts';
import type { DigestAlgorithm, KeyDescription, SignatureScheme } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';

/** Object identifiers of CMS, ESS and TSP as the messages need them. */
export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  signatureTimeStampToken: '1.2.840.113549.1.9.16.2.14',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  rsaEncryption: '1.2.840.113549.1.1.1',
  mgf1: '1.2.840.113549.1.1.8',
  rsassaPss: '1.2.840.113549.1.1.10',
} as const;

const digestOids: Record<DigestAlgorithm, string> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

const ecdsaOids: Record<DigestAlgorithm, string> = {
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** Length of a digest in bytes; PSS uses the same for its salt. */
export const digestLength: Record<DigestAlgorithm, number> = { sha256: 32, sha384: 48, sha512: 64 };

/** AlgorithmIdentifier of a digest, parameters absent (RFC 5754 asks for that form in CMS). */
export function digestIdentifier(algorithm: DigestAlgorithm): Uint8Array {
  return sequence(oid(digestOids[algorithm]));
}

/** AlgorithmIdentifier of a digest with NULL, the form of RSASSA-PSS parameters and timestamp requests. */
export function digestIdentifierWithNull(algorithm: DigestAlgorithm): Uint8Array {
  return sequence(oid(digestOids[algorithm]), nullValue());
}

/** AlgorithmIdentifier of the signature: RSA with NULL, PSS with full parameters, ECDSA with none. */
export function signatureIdentifier(scheme: SignatureScheme, digest: DigestAlgorithm): Uint8Array {
  switch (scheme) {
    case 'rsa-pkcs1':
      return sequence(oid(oids.rsaEncryption), nullValue());
    case 'ecdsa':
      return sequence(oid(ecdsaOids[digest]));
    case 'rsa-pss': {
      const hash = digestIdentifierWithNull(digest);
      const parameters = sequence(
        contextConstructed(0, hash),
        contextConstructed(1, sequence(oid(oids.mgf1), hash)),
        contextConstructed(2, integer(digestLength[digest])),
      );
      return sequence(oid(oids.rsassaPss), parameters);
    }
  }
}

/** The scheme to use with a key: the one asked for when it fits, else the usual one. Throws `signing.scheme-mismatch`. */
export function schemeFor(key: KeyDescription, wanted?: SignatureScheme): SignatureScheme {
  const scheme = wanted ?? (key.keyType === 'ec' ? 'ecdsa' : 'rsa-pkcs1');
  if ((scheme === 'ecdsa') !== (key.keyType === 'ec'))
    throw new AnThuError('signing.scheme-mismatch', { keyType: key.keyType, scheme });
  return scheme;
}
