import { z } from 'zod';
import { instantSchema, isoDateSchema } from '../../contract/common.ts';
import { type BookEntry, shownNumber } from './book-entry.ts';
import { missingNumbersSchema } from './missing-numbers.ts';

/** What stands on the cover of a book and beside its rows. */
export const bookFactsSchema = z.object({
  parentName: z.string(),
  agencyName: z.string(),
  registerName: z.string(),
  /** Of a sample office: said on every page, so that nobody takes the book for a real one. */
  demo: z.boolean(),
  year: z.number().int(),
  /** Quyển số; '' leaves a line for the pen. */
  volume: z.string(),
  /** In the order of the book; those behind its last entry stand at the end. */
  missing: z.array(missingNumbersSchema),
  printedAt: instantSchema,
  printedBy: z.string(),
  software: z.string(),
});
export type BookFacts = z.infer<typeof bookFactsSchema>;

/** How many entries a book holds and where it begins and ends. */
export const bookSummarySchema = z.object({
  entries: z.number().int(),
  voided: z.number().int(),
  corrected: z.number().int(),
  /** Số đến with its suffix. */
  first: z.string(),
  last: z.string(),
  /** The earliest and the latest day of arrival. */
  firstDay: isoDateSchema,
  lastDay: isoDateSchema,
});
export type BookSummary = z.infer<typeof bookSummarySchema>;

/** Adds an entry, the next of the book, to what is known of those before it. */
export function summedUp(summary: BookSummary | undefined, { arrival, changes }: BookEntry): BookSummary {
  const { arrivalDate } = arrival;
  const number = shownNumber(arrival);
  const { entries, voided, corrected, first, firstDay, lastDay } = summary ?? {
    entries: 0,
    voided: 0,
    corrected: 0,
    first: number,
    firstDay: arrivalDate,
    lastDay: arrivalDate,
  };
  return {
    entries: entries + 1,
    voided: voided + (arrival.voidedAt === null ? 0 : 1),
    corrected: corrected + (changes.some(({ kind }) => kind === 'corrected') ? 1 : 0),
    first,
    last: number,
    firstDay: arrivalDate < firstDay ? arrivalDate : firstDay,
    lastDay: arrivalDate > lastDay ? arrivalDate : lastDay,
  };
}
