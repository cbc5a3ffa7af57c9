import { verificationMessages, type VerificationMessageCode } from '../contract/verification-messages.ts';
import type {
  ClerkAdvice,
  FileReport,
  FileVerdict,
  SignatureReport,
  VerificationMessage,
} from '../contract/verification.ts';
import { AnThuError } from '../shared/errors.ts';
import { reasons } from '../shared/reasons.ts';

/** A message of the contract with its Vietnamese text. */
export function message(code: VerificationMessageCode): VerificationMessage {
  return { code, text: verificationMessages[code].vi };
}

/** One verdict of many: the worst signature speaks for the file (design/cli.md, `verify`). */
export function fileVerdict(signatures: readonly SignatureReport[]): FileVerdict {
  if (signatures.length === 0) return 'unsigned';
  if (signatures.some(({ indication }) => indication === 'TOTAL_FAILED')) return 'invalid';
  if (signatures.some(({ indication }) => indication === 'INDETERMINATE')) return 'indeterminate';
  return 'valid';
}

/** Good, or good but for a revocation state that could not be had. */
function isWaiting({ indication, subIndication }: SignatureReport): boolean {
  return indication === 'TOTAL_PASSED' || subIndication === 'TRY_LATER';
}

/** Whether nothing speaks against a file: valid, or all that is open is a revocation state that could not be had. */
export function holds({ verdict, signatures }: Pick<FileReport, 'verdict' | 'signatures'>): boolean {
  return verdict === 'valid' || (verdict === 'indeterminate' && allWaiting(signatures));
}

/** Nothing speaks against it, and asking again when there is a network may tell the revocation state. */
export function awaitsRevocation(report: Pick<FileReport, 'verdict' | 'signatures'>): boolean {
  return (
    report.verdict === 'indeterminate' &&
    allWaiting(report.signatures) &&
    report.signatures.some(({ messages }) =>
      messages.some(({ code }) => code === 'verify.revocation-unchecked'),
    )
  );
}

function allWaiting(signatures: readonly SignatureReport[]): boolean {
  return signatures.length > 0 && signatures.every(isWaiting);
}

/**
 * A file of our own that our own verifier does not let pass: what it found against it, else its verdict. An `update` adds to a
 * file without signing it.
 */
export function selfCheckFailed(
  { verdict, messages, signatures }: FileReport,
  made: 'signature' | 'update' = 'signature',
): AnThuError {
  const speaking = signatures.filter(
    ({ indication, coverage, later }) =>
      indication !== 'TOTAL_PASSED' || coverage === 'partial' || later === 'forbidden',
  );
  const found = [...messages, ...speaking.flatMap((signature) => signature.messages)];
  return new AnThuError(made === 'signature' ? 'archive.self-check-failed' : 'archive.update-check-failed', {
    reason: reasons(found.map(({ code }) => code)) || verdict,
  });
}

/** What the clerk may do, from the verdict and its reasons (last column of domain/vietnam.md §3.4). */
export function clerkAdvice(verdict: FileVerdict, signatures: readonly SignatureReport[]): ClerkAdvice {
  const says = (code: VerificationMessageCode): boolean =>
    signatures.some(({ messages }) => messages.some((item) => item.code === code));
  switch (verdict) {
    case 'valid':
      return says('verify.revocation-unchecked') ? 'provisional' : 'register';
    case 'indeterminate':
      if (allWaiting(signatures))
        // Where nobody can be asked, waiting for the network would be waiting for nothing.
        return says('verify.revocation-unchecked') ? 'provisional' : 'decide';
      return says('verify.certificate-ended-without-timestamp') ? 'decide' : 'ask';
    case 'invalid':
      return 'return';
    case 'unsigned':
      return 'as-paper';
    case 'unreadable':
      return 'ask';
  }
}
