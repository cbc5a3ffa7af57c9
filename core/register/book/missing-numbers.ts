import { z } from 'zod';
import type { BookRange } from '../../contract/register-book.ts';
import type { Database } from '../../store/database.ts';
import { openGaps } from '../number-gaps.ts';
import type { BookSummary } from './book-facts.ts';

export const missingNumbersSchema = z.object({
  year: z.number().int(),
  from: z.number().int(),
  to: z.number().int(),
  reason: z.string(),
});
/** Numbers beside each other that were given though their entries are lost, and why. */
export type MissingNumbers = z.infer<typeof missingNumbersSchema>;

/**
 * Numbers of a range whose entries are lost (`register gaps`), in order. A lost entry has no day of arrival, so days that bound
 * the range bound nothing here.
 */
export function missingNumbers(
  database: Database,
  range: BookRange & { readonly registerId: string },
): MissingNumbers[] {
  const { registerId, year, fromNumber = 1, toNumber = Number.MAX_SAFE_INTEGER } = range;
  const found: MissingNumbers[] = [];
  for (const gap of openGaps(database)) {
    if (gap.registerId !== registerId || (year !== undefined && gap.year !== year)) continue;
    for (const range of gap.ranges) {
      const [from, to] = [Math.max(range.from, fromNumber), Math.min(range.to, toNumber)];
      if (from > to) continue;
      const last = found.at(-1);
      const goesOn = last?.year === gap.year && last.to + 1 === from && last.reason === gap.reason;
      if (last && goesOn) found[found.length - 1] = { ...last, to };
      else found.push({ year: gap.year, from, to, reason: gap.reason });
    }
  }
  return found;
}

/** A book begins and ends with the numbers in it, also where the first or the last are lost. */
export function withMissing(summary: BookSummary, missing: readonly MissingNumbers[]): BookSummary {
  const [lowest, highest] = [missing[0]?.from ?? Infinity, missing.at(-1)?.to ?? 0];
  return {
    ...summary,
    first: lowest < Number.parseInt(summary.first, 10) ? String(lowest) : summary.first,
    last: highest > Number.parseInt(summary.last, 10) ? String(highest) : summary.last,
  };
}
