import { z } from 'zod';
import type { JobView } from '../contract/document.ts';
import { storedError } from './stored-cell.ts';

export const stateSchema = z.enum(['ready', 'running', 'waiting', 'parked', 'done']);

/** A row of the table `job` as it is stored. */
export const rowSchema = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  state: stateSchema,
  waits_for: z.string().nullable(),
  attempts: z.number(),
  next_at: z.string().nullable(),
  error: z.string().nullable(),
});
export type JobRow = z.infer<typeof rowSchema>;

/** A job as others see it. */
export function toView(row: JobRow): JobView {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    error: storedError(row.error),
  };
}
