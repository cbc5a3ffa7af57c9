import { AnThuError } from '../shared/errors.ts';
import { parseCertificate } from '../trust/certificate.ts';
import { basicConstraints, extendedKeyUsage, keyUsages } from '../trust/extensions.ts';
import { oids } from '../trust/oids.ts';

/** Purposes of certificates that were made for something else than signing documents. */
const foreignPurposes: ReadonlySet<string> = new Set([
  oids.timeStamping,
  oids.ocspSigning,
  oids.serverAuth,
  oids.codeSigning,
]);

/**
 * Refuses a certificate whose signature would count for nothing, before the token is asked for one: outside its life,
 * an authority's own, not for signing documents (signing-peers.md §3.4 "Certificate choice"). Throws
 * `signing.certificate-expired`, `signing.certificate-not-yet-valid`, `signing.certificate-unfit`.
 */
export function assertMaySign(certificateDer: Uint8Array, at: Date): void {
  const certificate = parseCertificate(certificateDer);
  if (at > certificate.notAfter)
    throw new AnThuError('signing.certificate-expired', { until: certificate.notAfter.toISOString() });
  if (at < certificate.notBefore)
    throw new AnThuError('signing.certificate-not-yet-valid', { from: certificate.notBefore.toISOString() });
  const unfit = (reason: string): AnThuError => new AnThuError('signing.certificate-unfit', { reason });
  if (basicConstraints(certificate)?.isAuthority) throw unfit('CA');
  const usages = keyUsages(certificate);
  if (!usages?.has('digitalSignature') && !usages?.has('nonRepudiation')) throw unfit('keyUsage');
  const purposes = extendedKeyUsage(certificate)?.purposes ?? [];
  if (purposes.length > 0 && purposes.every((purpose) => foreignPurposes.has(purpose)))
    throw unfit('extendedKeyUsage');
}
