import { z } from 'zod';
import { instantSchema } from '../../contract/common.ts';
import { arrivalSchema } from '../../contract/register.ts';

/** What was done to an entry after it was made: the number was voided, or fields were corrected. */
export const entryChangeSchema = z.object({
  kind: z.enum(['voided', 'corrected']),
  at: instantSchema,
  actor: z.string(),
  reason: z.string(),
  /** Corrections only: fields as they were and as they are. */
  before: z.record(z.string(), z.string().nullable()),
  after: z.record(z.string(), z.string().nullable()),
});
export type EntryChange = z.infer<typeof entryChangeSchema>;

/** An entry as the outputs of the register show it. */
export const bookEntrySchema = z.object({ arrival: arrivalSchema, changes: z.array(entryChangeSchema) });
export type BookEntry = z.infer<typeof bookEntrySchema>;

/** Số đến as it stands in the book, with the số phụ of a late entry: `12`, `12a`. */
export const shownNumber = ({ number, suffix }: BookEntry['arrival']): string => `${number}${suffix}`;

/** Số, ký hiệu as it stands on the document: `05/BC-UBND`. */
export const shownNotation = ({ docNumber, docNotation }: BookEntry['arrival']): string =>
  [docNumber, docNotation].filter(Boolean).join('/');
