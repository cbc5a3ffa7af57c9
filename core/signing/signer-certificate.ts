import { reason } from '../shared/reasons.ts';
import { AnThuError } from '../shared/errors.ts';
import { algorithmAcceptable } from '../trust/algorithm-policy.ts';
import { parseCertificate, readableKey } from '../trust/certificate.ts';
import { basicConstraints, extendedKeyUsage, keyUsages } from '../trust/extensions.ts';
import { oids } from '../trust/oids.ts';
import { keyBits, type SchemeName } from '../trust/signature-algorithm.ts';

/** Purposes of certificates that were made for something else than signing documents. */
const foreignPurposes: ReadonlySet<string> = new Set([
  oids.timeStamping,
  oids.ocspSigning,
  oids.serverAuth,
  oids.codeSigning,
]);

/** Of keys that sign at all; others are refused when the scheme is chosen. */
const schemes: Readonly<Record<string, SchemeName>> = {
  rsa: 'rsa-pkcs1',
  'rsa-pss': 'rsa-pss',
  ec: 'ecdsa',
};

/**
 * Refuses a certificate whose signature would count for nothing, before the token is asked for one: outside its life,
 * an authority's own, not for signing documents, of a key too short for every verifier or of an unknown kind (signing-peers.md §3.4
 * "Certificate choice"). Throws `signing.certificate-expired`, `signing.certificate-not-yet-valid`, `signing.certificate-unfit`.
 */
export function assertMaySign(certificateDer: Uint8Array, at: Date): void {
  const certificate = parseCertificate(certificateDer);
  if (at > certificate.notAfter)
    throw new AnThuError('signing.certificate-expired', { until: certificate.notAfter.toISOString() });
  if (at < certificate.notBefore)
    throw new AnThuError('signing.certificate-not-yet-valid', { from: certificate.notBefore.toISOString() });
  const unfit = (why: string): AnThuError => new AnThuError('signing.certificate-unfit', { reason: why });
  if (basicConstraints(certificate)?.isAuthority) throw unfit('CA');
  const usages = keyUsages(certificate);
  if (!usages?.has('digitalSignature') && !usages?.has('nonRepudiation')) throw unfit('keyUsage');
  const purposes = extendedKeyUsage(certificate)?.purposes ?? [];
  if (purposes.length > 0 && purposes.every((purpose) => foreignPurposes.has(purpose)))
    throw unfit('extendedKeyUsage');
  const key = readableKey(certificate);
  if (!key) throw unfit('publicKey');
  const scheme = schemes[key.asymmetricKeyType ?? ''];
  const bits = keyBits(key);
  if (scheme && !algorithmAcceptable({ digest: 'sha256', scheme, bits }, at))
    throw unfit(reason('key.too-weak', `${key.asymmetricKeyType} ${bits} bit`));
}
