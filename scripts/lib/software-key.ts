import { constants, createPrivateKey, privateEncrypt, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { digestInfo } from '../../native/pkcs11/signature-formats.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { readCertificates } from '../../core/trust/certificate.ts';

/** An RSA key lying in files as a {@link SigningKey}: plays the agency that sent the demo's e-document. */
export async function softwareKey(files: {
  key: string;
  certificate: string;
  chain: string;
}): Promise<SigningKey> {
  const key = createPrivateKey(await readFile(files.key));
  const certificate = new X509Certificate(await readFile(files.certificate));
  const chain = readCertificates(await readFile(files.chain)).map(({ der }) => der);
  return {
    uri: `file:${files.key}`,
    label: certificate.subject,
    keyType: 'rsa',
    bits: certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
    certificate: certificate.raw,
    // The root stays out: whoever verifies has it or does not trust it.
    chain: chain.slice(0, -1),
    sign: ({ scheme, digestAlgorithm, digest }) => {
      if (scheme !== 'rsa-pkcs1') throw new Error(`the demo's sender signs with rsa-pkcs1, not ${scheme}`);
      const block = digestInfo(digestAlgorithm, digest);
      return Promise.resolve(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, block));
    },
  };
}
