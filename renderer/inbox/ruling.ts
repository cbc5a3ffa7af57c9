import type { IntakeItem } from '../../core/contract/intake.ts';
import { isSigningRisk } from '../../core/contract/verification-concerns.ts';
import type { ClerkAdvice } from '../../core/contract/verification.ts';

/** What the clerk may do with a received file: enter it, enter it with a reason, or not at all. */
export type Ruling = 'free' | 'reason' | 'refused';

const wantsReason: ReadonlySet<ClerkAdvice> = new Set(['ask', 'decide', 'as-paper']);

/** The last column of domain/vietnam.md §3.4, and what a scan holds that will be signed; the engine rules the same way. */
export function rulingOf({ origin, verification, packageVerification, warnings }: IntakeItem): Ruling {
  if (verification?.verdict === 'invalid' || packageVerification?.verdict === 'invalid') return 'refused';
  if (verification && wantsReason.has(verification.advice)) return 'reason';
  return origin === 'paper' && warnings.some(({ code }) => isSigningRisk(code)) ? 'reason' : 'free';
}
