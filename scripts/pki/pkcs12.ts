import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { toPem } from './certificate-builder.ts';

/**
 * A PKCS#12 file (PBES2: AES-256, PBKDF2 with HMAC-SHA-256) of an RSA key, its certificate and its chain.
 * node-forge writes it and nothing of ours trusts node-forge with reading untrusted data
 * (findings/signing-peers.md §3.7).
 */
export function buildPkcs12(
  key: KeyObject,
  certificates: readonly Uint8Array[],
  pin: string,
  friendlyName: string,
): Uint8Array {
  const privateKey = forge.pki.privateKeyFromPem(key.export({ type: 'pkcs8', format: 'pem' }).toString());
  // prfAlgorithm reaches node-forge's PBES2 code; its type declaration does not list it.
  const options = {
    algorithm: 'aes256' as const,
    count: 10_000,
    saltSize: 16,
    prfAlgorithm: 'sha256',
    friendlyName,
  };
  const store = forge.pkcs12.toPkcs12Asn1(
    privateKey,
    certificates.map((der) => forge.pki.certificateFromPem(toPem('CERTIFICATE', der))),
    pin,
    options,
  );
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'latin1');
}
