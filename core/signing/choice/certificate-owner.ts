import type { CertificateAssessment, SigningPurpose } from '../../contract/certificate-choice.ts';
import type { Certificate } from '../../trust/certificate.ts';
import { nameValue } from '../../trust/distinguished-name.ts';
import { certificatePurpose } from '../../verification/certificate-purpose.ts';

type Owner = Pick<CertificateAssessment, 'owner' | 'ownerSource'>;

/** Whether the subject says in a field of its own whose it is: a title, a part of a personal name, a citizen's or tax number. */
function statesOwner({ subject }: Certificate): boolean {
  const identifier = nameValue(subject, 'UID') ?? nameValue(subject, 'SERIALNUMBER') ?? '';
  return (
    ['T', 'G', 'SN'].some((part) => nameValue(subject, part) !== undefined) ||
    /^\s*(cmnd|cccd|hc|mst):/i.test(identifier)
  );
}

/**
 * Whose certificate it is. What the certificate states outweighs the office's register, for a slip of the pen must not
 * turn a leader's key into the agency's; the register outweighs a guess from the name (Vietnamese certificates carry no
 * mark, core/verification/certificate-purpose.ts).
 */
export function certificateOwner(certificate: Certificate, recorded?: SigningPurpose): Owner {
  const seen = certificatePurpose(certificate);
  const owner = seen === 'agency' || seen === 'person' ? seen : 'unknown';
  if (owner !== 'unknown' && statesOwner(certificate)) return { owner, ownerSource: 'certificate' };
  if (recorded) return { owner: recorded, ownerSource: 'register' };
  return { owner, ownerSource: owner === 'unknown' ? 'none' : 'name' };
}
