import type { ClerkAdvice, FileVerdict, SignatureReport } from '../contract/verification.ts';
import { clerkAdvice } from '../verification/report-words.ts';

/**
 * What the package's own signature asks of the clerk. A package without one is ordinary: at least one province sends an
 * empty element (domain/vietnam.md §5.4), and the legal value rests on the PDF inside.
 */
export function packageAdvice(verdict: FileVerdict, signatures: readonly SignatureReport[]): ClerkAdvice {
  return verdict === 'unsigned' ? 'register' : clerkAdvice(verdict, signatures);
}
