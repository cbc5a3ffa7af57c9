import type { factWords } from '../contract/fact-words.ts';
import { AnThuError } from '../shared/errors.ts';
import type { PdfLimits } from './limits.ts';

/** Why a file's structure is refused. A closed list: nothing is ever repaired. */
export type DamageReason = keyof (typeof factWords)['pdf.damaged'];

/** An error that says the file is damaged or ambiguous, why, and at which byte. */
export function damaged(reason: DamageReason, offset?: number): AnThuError {
  return new AnThuError('pdf.damaged', { reason, ...(offset === undefined ? {} : { offset }) });
}

/** An error that says a cap was hit. */
export function overLimit(what: keyof PdfLimits, max: number): AnThuError {
  return new AnThuError('pdf.limit', { what, max });
}
