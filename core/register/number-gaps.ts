import { z } from 'zod';
import type { AuditLog } from '../audit/audit-log.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from '../store/database.ts';

/** Numbers of a year that were given out but whose entries this register does not know. */
export interface NumberGap {
  readonly registerId: string;
  readonly year: number;
  readonly first: number;
  readonly last: number;
  /** Of these, the ones without an entry, in order. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  /** The same one by one; at most a thousand. */
  readonly missing: readonly number[];
  readonly reason: string;
  readonly recordedAt: string;
}

interface Series {
  readonly registerId: string;
  readonly year: number;
}

const MISSING_LISTED = 1000;

const gapRowSchema = z.object({
  register_id: z.string(),
  year: z.number(),
  first_number: z.number(),
  last_number: z.number(),
  reason: z.string(),
  recorded_at: z.string(),
});
const numberSchema = z.object({ n: z.number().nullable() });

/** The highest number of a year that was given, by this register or by one it took the place of; 0 where none was. */
export function lastNumber(database: Database, registerId: string, year: number): number {
  const row = database.get(
    numberSchema,
    `SELECT max(n) AS n FROM (
       SELECT max(number) AS n FROM arrival WHERE register_id = @registerId AND year = @year
       UNION ALL SELECT max(last_number) FROM number_gap WHERE register_id = @registerId AND year = @year)`,
    { registerId, year },
  );
  return row?.n ?? 0;
}

/**
 * Records that numbers up to `last` were given though their entries are lost, so that none of them is given to another
 * document (domain/vietnam.md §1.6: never reused). Returns the gap's bounds, or null when there is none. Call inside a transaction.
 */
export function recordGap(
  database: Database,
  audit: AuditLog,
  gap: Series & { readonly last: number; readonly reason: string },
  by: { readonly actor: string; readonly now: Date },
): { first: number; last: number } | null {
  const { registerId, year, last, reason } = gap;
  const first = lastNumber(database, registerId, year) + 1;
  if (last < first) return null;
  database.run(
    `INSERT INTO number_gap (id, register_id, year, first_number, last_number, reason, recorded_at)
     VALUES (@id, @registerId, @year, @first, @last, @reason, @now)`,
    { id: newId(by.now), registerId, year, first, last, reason, now: by.now.toISOString() },
  );
  audit.append({
    actor: by.actor,
    action: 'register.numbers-missing',
    subject: registerId,
    data: { year, first, last, reason },
  });
  return { first, last };
}

/** Whether a number lies in a gap and was not entered again. */
export function isOpenInGap(
  database: Database,
  registerId: string,
  { year, number }: { readonly year: number; readonly number: number },
): boolean {
  const row = database.get(
    numberSchema,
    `SELECT count(*) AS n FROM number_gap g
     WHERE g.register_id = @registerId AND g.year = @year AND @number BETWEEN g.first_number AND g.last_number
       AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.register_id = @registerId AND a.year = @year AND a.number = @number)`,
    { registerId, year, number },
  );
  return (row?.n ?? 0) > 0;
}

/** Every gap that still misses entries, oldest first. */
export function openGaps(database: Database): NumberGap[] {
  return database
    .all(gapRowSchema, 'SELECT * FROM number_gap ORDER BY year, register_id, first_number')
    .map((row) => {
      const ranges = missingIn(database, row);
      return {
        registerId: row.register_id,
        year: row.year,
        first: row.first_number,
        last: row.last_number,
        ranges,
        missing: oneByOne(ranges),
        reason: row.reason,
        recordedAt: row.recorded_at,
      };
    })
    .filter(({ ranges }) => ranges.length > 0);
}

function missingIn(database: Database, gap: z.infer<typeof gapRowSchema>): { from: number; to: number }[] {
  const { register_id: registerId, year, first_number: first, last_number: last } = gap;
  const entered = database.all(
    z.object({ n: z.number() }),
    `SELECT DISTINCT number AS n FROM arrival
     WHERE register_id = @registerId AND year = @year AND number BETWEEN @first AND @last ORDER BY number`,
    { registerId, year, first, last },
  );
  const ranges: { from: number; to: number }[] = [];
  let from = first;
  for (const { n } of [...entered, { n: last + 1 }]) {
    if (n > from) ranges.push({ from, to: n - 1 });
    from = n + 1;
  }
  return ranges;
}

function oneByOne(ranges: NumberGap['ranges']): number[] {
  const numbers: number[] = [];
  for (const { from, to } of ranges)
    for (let number = from; number <= to && numbers.length < MISSING_LISTED; number++) numbers.push(number);
  return numbers;
}
