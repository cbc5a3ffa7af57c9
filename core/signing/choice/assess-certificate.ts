import type { CertificateAssessment, SigningPurpose } from '../../contract/certificate-choice.ts';
import type { CertificateClass } from '../../contract/verification.ts';
import { toErrorValue } from '../../shared/errors.ts';
import type { TrustAnchor } from '../../trust/anchors.ts';
import { parseCertificate, type Certificate } from '../../trust/certificate.ts';
import { certificateClassOf } from '../../trust/known-anchors.ts';
import { buildPath } from '../../trust/path.ts';
import { assertMaySign } from '../signer-certificate.ts';
import { certificateOwner } from './certificate-owner.ts';
import { wrongOwner } from './right-owner.ts';

const dayMs = 24 * 3600 * 1000;
/** From here on the end of a certificate is announced (days): renewal goes over the authority, on paper. */
export const SOON_DAYS = 60;

export interface AssessOptions {
  readonly purpose: SigningPurpose;
  readonly at: Date;
  /** This office's anchors and CA certificates. */
  readonly anchors: readonly TrustAnchor[];
  readonly authorities: readonly Certificate[];
  /** What the office's register says it is for; left out when it is not entered there. */
  readonly recorded?: SigningPurpose | undefined;
}

/**
 * What is known of a certificate before it is asked to sign for `purpose`: whose it is, whether it may sign, how long it
 * lives, where its chain leads (domain/vietnam.md §6.5). Throws `Asn1Error` when it is no certificate.
 */
export function assessCertificate(der: Uint8Array, options: AssessOptions): CertificateAssessment {
  const certificate = parseCertificate(der);
  const { owner, ownerSource } = certificateOwner(certificate, options.recorded);
  const fit = owner === 'unknown' ? 'unsure' : owner === options.purpose ? 'right' : 'wrong';
  const unfit = refusal(() => assertMaySign(der, options.at));
  const wrong = fit === 'wrong' ? wrongOwner(certificate, options.purpose) : null;
  return {
    owner,
    ownerSource,
    fit,
    ...chainOf(certificate, options),
    ...lifeOf(certificate, options.at),
    obstacle: unfit ?? (wrong && toErrorValue(wrong)),
  };
}

function refusal(check: () => void): CertificateAssessment['obstacle'] {
  try {
    check();
    return null;
  } catch (thrown) {
    return toErrorValue(thrown);
  }
}

function lifeOf(certificate: Certificate, at: Date): Pick<CertificateAssessment, 'validity' | 'daysLeft'> {
  const daysLeft = daysUntil(certificate.notAfter, at);
  if (at > certificate.notAfter) return { validity: 'expired', daysLeft };
  if (at < certificate.notBefore) return { validity: 'not-yet', daysLeft };
  return { validity: daysLeft < SOON_DAYS ? 'ends-soon' : 'in-force', daysLeft };
}

/** Whole days from `at` to `end`, rounded down; -1 from the first moment after it. */
function daysUntil(end: Date, at: Date): number {
  return Math.floor((end.getTime() - at.getTime()) / dayMs);
}

/** A chain is looked at within the certificate's own life, so that its end is told once, not twice. */
function chainOf(
  certificate: Certificate,
  { anchors, authorities, at }: AssessOptions,
): { chain: CertificateAssessment['chain']; class: CertificateClass } {
  if (anchors.length === 0) return { chain: 'no-anchors', class: 'unknown' };
  const within = at > certificate.notAfter ? certificate.notAfter : at < certificate.notBefore ? certificate.notBefore : at; // prettier-ignore
  const found = buildPath(certificate, authorities, anchors, { at: within, purpose: 'signature' });
  if (!found.ok) {
    const chain = found.reason === 'NO_CERTIFICATE_CHAIN_FOUND' ? 'incomplete' : 'broken';
    return { chain, class: 'unknown' };
  }
  const known = found.path
    .map((link) => certificateClassOf(link.fingerprint))
    .find((one) => one !== 'unknown');
  return {
    chain: found.anchor.sample ? 'reaches-sample' : 'reaches-anchor',
    class: known ?? found.anchor.class,
  };
}
