import type { SigningPurpose } from '../../contract/certificate-choice.ts';
import { AnThuError } from '../../shared/errors.ts';
import { parseCertificate, type Certificate } from '../../trust/certificate.ts';
import { nameValue } from '../../trust/distinguished-name.ts';
import { certificateOwner } from './certificate-owner.ts';

/** What a signature is wanted for, and whether a mere guess from the name stops it too. */
export interface WantedPurpose {
  readonly purpose: SigningPurpose;
  readonly guesses: 'count' | 'pass';
}

/**
 * Stops a certificate of the wrong kind: a leader's for the agency's signature, or the other way round. Throws
 * `token.person-key-for-agency`, `token.agency-key-for-person`. One that says nothing of its owner passes.
 */
export function assertRightOwner(
  der: Uint8Array,
  { purpose, guesses }: WantedPurpose,
  recorded?: SigningPurpose,
): void {
  const certificate = parseCertificate(der);
  const { owner, ownerSource } = certificateOwner(certificate, recorded);
  if (owner === 'unknown' || owner === purpose) return;
  if (ownerSource === 'name' && guesses === 'pass') return;
  throw wrongOwner(certificate, purpose);
}

/** The error that names whose certificate was taken for what it is not. */
export function wrongOwner({ subject }: Certificate, purpose: SigningPurpose): AnThuError {
  const name = nameValue(subject, 'CN') ?? nameValue(subject, 'O') ?? '';
  const code = purpose === 'agency' ? 'token.person-key-for-agency' : 'token.agency-key-for-person';
  return new AnThuError(code, { name });
}
