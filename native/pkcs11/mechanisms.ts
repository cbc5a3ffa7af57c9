import pkcs11js from 'pkcs11js';
import type {
  DigestAlgorithm,
  KeyDescription,
  SignatureScheme,
  SignRequest,
} from '../../core/ports/signing-key.ts';
import { digestInfo, ecdsaRawToDer } from './signature-formats.ts';

const hashes: Readonly<Record<DigestAlgorithm, { hashAlg: number; mgf: number; saltLen: number }>> = {
  sha256: { hashAlg: pkcs11js.CKM_SHA256, mgf: pkcs11js.CKG_MGF1_SHA256, saltLen: 32 },
  sha384: { hashAlg: pkcs11js.CKM_SHA384, mgf: pkcs11js.CKG_MGF1_SHA384, saltLen: 48 },
  sha512: { hashAlg: pkcs11js.CKM_SHA512, mgf: pkcs11js.CKG_MGF1_SHA512, saltLen: 64 },
};

/** Mechanisms over a ready digest: the ones with a hash inside are missing on many tokens (findings/signing-stack.md §7). */
export function mechanismFor(request: SignRequest): pkcs11js.Mechanism {
  switch (request.scheme) {
    case 'rsa-pkcs1':
      return { mechanism: pkcs11js.CKM_RSA_PKCS };
    case 'rsa-pss': {
      const parameter: pkcs11js.RsaPSS = {
        type: pkcs11js.CK_PARAMS_RSA_PSS,
        ...hashes[request.digestAlgorithm],
      };
      return { mechanism: pkcs11js.CKM_RSA_PKCS_PSS, parameter };
    }
    case 'ecdsa':
      return { mechanism: pkcs11js.CKM_ECDSA };
  }
}

/** What goes into C_Sign: DigestInfo for PKCS#1, else the digest, cut to the curve's size for ECDSA. */
export function signatureInput(key: KeyDescription, request: SignRequest): Buffer {
  if (request.scheme === 'rsa-pkcs1') return Buffer.from(digestInfo(request.digestAlgorithm, request.digest));
  const digest = Buffer.from(request.digest);
  return request.scheme === 'ecdsa' ? digest.subarray(0, Math.ceil(key.bits / 8)) : digest;
}

/** What came out of C_Sign, as CMS wants it. */
export function signatureOutput(scheme: SignatureScheme, output: Uint8Array): Uint8Array {
  return scheme === 'ecdsa' ? ecdsaRawToDer(output) : Uint8Array.from(output);
}
