/** Digest algorithms we make signatures with. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

/** Signature schemes. `ecdsa` values are DER SEQUENCE {r, s}, whatever the token returned. */
export type SignatureScheme = 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa';

export interface SignRequest {
  readonly scheme: SignatureScheme;
  readonly digestAlgorithm: DigestAlgorithm;
  /** The digest of what is to be signed; its length fits `digestAlgorithm`. */
  readonly digest: Uint8Array;
}

/** What a key's certificate is for, as far as the certificate tells. */
export interface KeyDescription {
  /** PKCS#11 URI (RFC 7512) or `file:` URI of a PKCS#12 file, without any PIN. */
  readonly uri: string;
  readonly label: string;
  readonly keyType: 'rsa' | 'ec';
  /** Modulus or curve size in bits. */
  readonly bits: number;
  /** Signer's certificate, DER. */
  readonly certificate: Uint8Array;
  /** Further certificates found beside the key (issuing CA …), DER. */
  readonly chain: readonly Uint8Array[];
}

/** A private key that stays where it is (token, soft token) and signs digests. */
export interface SigningKey extends KeyDescription {
  sign(request: SignRequest): Promise<Uint8Array>;
}
