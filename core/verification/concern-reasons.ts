import type { Warning } from '../contract/common.ts';
import { isSigningConcern } from '../contract/verification-concerns.ts';
import { reason, reasons } from '../shared/reasons.ts';

/** Warnings of what a file holds as the reason of a refusal; what an older version kept without facts names no pages. */
export function concernReasons(warnings: readonly Warning[]): string {
  return reasons(
    warnings.map(({ code, message, detail }) => {
      const pages = String(detail?.['pages'] ?? '');
      return isSigningConcern(code) ? reason(code, pages || undefined) : message;
    }),
  );
}
