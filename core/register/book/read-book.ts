import { z } from 'zod';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { AuditEntry } from '../../contract/document.ts';
import type { BookRange } from '../../contract/register-book.ts';
import type { Arrival } from '../../contract/register.ts';
import type { Database, SqlParameters } from '../../store/database.ts';
import { arrivalRowSchema, arrivalSelect, toArrival } from '../arrival-row.ts';
import { registerOrdinal } from '../list-arrivals.ts';
import { placesOf } from '../place.ts';
import type { BookEntry, EntryChange } from './book-entry.ts';

/** Entries read at once: some ten milliseconds of work, then the event loop has its turn. */
const SLICE = 200;

interface BookSource {
  readonly database: Database;
  readonly audit: AuditLog;
}

/**
 * The entries of a range in the order of the book, a slice at a time, each with what was voided or corrected in it. Numbers
 * given behind the last one while this reads do not appear: the end is fixed when it begins.
 */
export async function* readBook(
  { database, audit }: BookSource,
  range: BookRange & { readonly registerId: string },
): AsyncGenerator<BookEntry[]> {
  const { condition, parameters } = selectionOf(database, range);
  const end = database.get(
    z.object({ seq: z.number().nullable() }),
    `SELECT max(a.seq) AS seq FROM arrival a WHERE ${condition}`,
    parameters,
  )?.seq;
  if (end === null || end === undefined) return;
  for (let after = 0; after < end;) {
    const rows = database.all(
      arrivalRowSchema,
      `${arrivalSelect} WHERE ${condition} AND a.seq > @after AND a.seq <= @end ORDER BY a.seq LIMIT ${SLICE}`,
      { ...parameters, after, end },
    );
    const changes = changesOf(
      audit,
      rows.map((row) => row.document_id),
    );
    yield rows.map((row) => ({ arrival: toArrival(row), changes: changes.get(row.id) ?? [] }));
    after = rows.at(-1)?.seq ?? end;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function selectionOf(database: Database, range: BookRange & { readonly registerId: string }) {
  const places = placesOf(registerOrdinal(database, range.registerId), range.year);
  const limits = [
    ['from', 'a.arrival_date >= @from', range.from],
    ['to', 'a.arrival_date <= @to', range.to],
    ['fromNumber', 'a.number >= @fromNumber', range.fromNumber],
    ['toNumber', 'a.number <= @toNumber', range.toNumber],
  ] as const;
  const given = limits.filter(([, , value]) => value !== undefined);
  const parameters: SqlParameters = {
    ...places,
    ...Object.fromEntries(given.map(([name, , value]) => [name, value ?? null])),
  };
  const condition = ['a.seq BETWEEN @first AND @last', ...given.map(([, sql]) => sql)].join(' AND ');
  return { condition, parameters };
}

const valuesSchema = z.record(z.string(), z.string().nullable());
const voidedSchema = z.object({ arrivalId: z.string(), reason: z.string() });
const correctedSchema = voidedSchema.extend({ before: valuesSchema, after: valuesSchema });

/** What the log says of entries, by the entry's id. */
function changesOf(audit: AuditLog, documentIds: readonly string[]): Map<Arrival['id'], EntryChange[]> {
  const changes = new Map<string, EntryChange[]>();
  for (const entry of audit.ofActions(documentIds, ['register.voided', 'register.corrected'])) {
    const { arrivalId, change } = changeOf(entry);
    changes.set(arrivalId, [...(changes.get(arrivalId) ?? []), change]);
  }
  return changes;
}

function changeOf({ action, at, actor, data }: AuditEntry): { arrivalId: string; change: EntryChange } {
  if (action === 'register.voided') {
    const { arrivalId, reason } = voidedSchema.parse(data);
    return { arrivalId, change: { kind: 'voided', at, actor, reason, before: {}, after: {} } };
  }
  const { arrivalId, reason, before, after } = correctedSchema.parse(data);
  return {
    arrivalId,
    change: { kind: 'corrected', at, actor, reason, before, after: changed(before, after) },
  };
}

/** What was given anew counts only where it was another value before. */
const changed = (before: EntryChange['before'], after: EntryChange['after']): EntryChange['after'] =>
  Object.fromEntries(Object.entries(after).filter(([name]) => Object.hasOwn(before, name)));
