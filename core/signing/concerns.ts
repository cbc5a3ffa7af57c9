import { isSigningRisk } from '../contract/verification-concerns.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { AnThuError } from '../shared/errors.ts';
import { inspectBeforeSigning } from '../verification/before-signing.ts';
import { concernReasons } from '../verification/concern-reasons.ts';
import { concernWarning } from '../verification/concern-warnings.ts';
import type { SigningWarning } from './prepared-signature.ts';

/** What becomes of what stands out in a file: nobody looks, the signer is told, or the risks among it are refused too. */
export type ConcernPolicy = 'not-looked-at' | 'told' | 'risks-refused';

/**
 * What a file holds that its signer should know. Throws `signing.risks-refused` for what attacks on signed files are
 * prepared with, where the policy wants that.
 */
export function concernsOf(pdf: PdfDocument, policy: ConcernPolicy): SigningWarning[] {
  if (policy === 'not-looked-at') return [];
  const concerns = inspectBeforeSigning(pdf).map(concernWarning);
  const risks = policy === 'risks-refused' ? concerns.filter(({ code }) => isSigningRisk(code)) : [];
  if (risks.length > 0) throw new AnThuError('signing.risks-refused', { reason: concernReasons(risks) });
  return concerns;
}
