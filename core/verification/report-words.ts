import { verificationMessages, type VerificationMessageCode } from '../contract/verification-messages.ts';
import type {
  ClerkAdvice,
  FileVerdict,
  SignatureReport,
  VerificationMessage,
} from '../contract/verification.ts';

/** A message of the contract with its Vietnamese text. */
export function message(code: VerificationMessageCode): VerificationMessage {
  return { code, text: verificationMessages[code] };
}

/** One verdict of many: the worst signature speaks for the file (design/cli.md, `verify`). */
export function fileVerdict(signatures: readonly SignatureReport[]): FileVerdict {
  if (signatures.length === 0) return 'unsigned';
  if (signatures.some(({ indication }) => indication === 'TOTAL_FAILED')) return 'invalid';
  if (signatures.some(({ indication }) => indication === 'INDETERMINATE')) return 'indeterminate';
  return 'valid';
}

/** Good, or good but for a revocation state that could not be had yet. */
function isWaiting({ indication, subIndication }: SignatureReport): boolean {
  return indication === 'TOTAL_PASSED' || subIndication === 'TRY_LATER';
}

/** What the clerk may do, from the verdict and its reasons (last column of domain/vietnam.md §3.4). */
export function clerkAdvice(verdict: FileVerdict, signatures: readonly SignatureReport[]): ClerkAdvice {
  const says = (code: VerificationMessageCode): boolean =>
    signatures.some(({ messages }) => messages.some((item) => item.code === code));
  switch (verdict) {
    case 'valid':
      return says('verify.revocation-unchecked') ? 'provisional' : 'register';
    case 'indeterminate':
      if (signatures.length > 0 && signatures.every(isWaiting)) return 'provisional';
      return says('verify.certificate-ended-without-timestamp') ? 'decide' : 'ask';
    case 'invalid':
      return 'return';
    case 'unsigned':
      return 'as-paper';
    case 'unreadable':
      return 'ask';
  }
}
