import { z } from 'zod';
import type { Arrival } from '../contract/register.ts';
import type { Database, SqlParameters } from '../store/database.ts';
import { arrivalRowSchema, arrivalSelect, toArrival } from './arrival-row.ts';
import { placesOf } from './place.ts';
import { matchExpression } from './search-index.ts';

export interface ListQuery {
  /** The agency's first register when left out. */
  readonly registerId?: string | undefined;
  readonly year?: number | undefined;
  readonly query: string;
  /** Days of arrival, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

type BookQuery = ListQuery & { readonly registerId: string };

const countSchema = z.object({ n: z.number() });

/** Entries by their row ids: what follows SELECT … FROM. No wide row is read before the slice is cut. */
interface Selection {
  readonly id: string;
  readonly entries: string;
  readonly order: string;
  readonly parameters: SqlParameters;
  /** Entries of the selection known without looking, and those known to lie before it. */
  readonly total?: number;
  readonly before?: number;
}

/**
 * A slice of a register, newest number first, and how many entries there are in all; `query` as typed, every word
 * must start a word of the entry.
 */
export function listArrivals(database: Database, query: ListQuery): { rows: Arrival[]; total: number } {
  const registerId = query.registerId ?? firstRegister(database);
  const selection = select(database, { ...query, registerId });
  const rows = database.all(
    arrivalRowSchema,
    `${arrivalSelect} WHERE a.seq IN (
       SELECT ${selection.id} FROM ${selection.entries} ORDER BY ${selection.order} LIMIT @limit OFFSET @offset)
     ORDER BY a.seq DESC`,
    { ...selection.parameters, limit: query.limit, offset: query.offset - (selection.before ?? 0) },
  );
  const total = selection.total ?? count(database, selection);
  return { rows: rows.map(toArrival), total };
}

function count(database: Database, { entries, parameters }: Selection): number {
  return database.get(countSchema, `SELECT count(*) AS n FROM ${entries}`, parameters)?.n ?? 0;
}

function select(database: Database, query: BookQuery): Selection {
  const match = matchExpression(query.query);
  if (match !== null) return searched(database, query, match);
  return dateCondition(query) === '' ? wholeBook(database, query) : dated(query);
}

const bookOrder = 'a.year DESC, a.number DESC, a.seq DESC';

/** The years' counts tell the total and the year in which the slice begins: earlier years are not walked through. */
function wholeBook(database: Database, query: BookQuery): Selection {
  const years = yearsOf(database, query.registerId).filter(
    ({ year }) => query.year === undefined || query.year === year,
  );
  const total = years.reduce((sum, { entries }) => sum + entries, 0);
  let before = 0;
  let [start] = years;
  for (const year of years) {
    start = year;
    if (before + year.entries > query.offset) break;
    if (year !== years.at(-1)) before += year.entries;
  }
  return {
    id: 'a.seq',
    entries: `arrival a WHERE a.register_id = @registerId AND a.year <= @start AND a.year >= @end`,
    order: bookOrder,
    parameters: { registerId: query.registerId, start: start?.year ?? 0, end: query.year ?? 0 },
    total,
    before,
  };
}

function dated(query: BookQuery): Selection {
  const year = query.year === undefined ? '' : 'AND a.year = @year';
  return {
    id: 'a.seq',
    entries: `arrival a WHERE a.register_id = @registerId ${year} ${dateCondition(query)}`,
    order: bookOrder,
    parameters: {
      registerId: query.registerId,
      ...(query.year === undefined ? {} : { year: query.year }),
      ...dates(query),
    },
  };
}

/** The search index knows an entry by its place in the books, so that register and year are a range of it. */
function searched(database: Database, query: BookQuery, match: string): Selection {
  const places = placesOf(registerOrdinal(database, query.registerId), query.year);
  const condition = dateCondition(query);
  const inDates = `AND rowid IN (SELECT a.seq FROM arrival a WHERE a.register_id = @registerId ${condition})`;
  return {
    id: 'rowid',
    entries: `arrival_search WHERE arrival_search MATCH @match AND rowid BETWEEN @first AND @last ${condition === '' ? '' : inDates}`,
    order: 'rowid DESC',
    parameters: {
      match,
      first: places.first,
      last: places.last,
      ...(condition === '' ? {} : { registerId: query.registerId, ...dates(query) }),
    },
  };
}

function dateCondition({ from, to }: ListQuery): string {
  const since = from === undefined ? '' : 'AND a.arrival_date >= @from';
  const until = to === undefined ? '' : 'AND a.arrival_date <= @to';
  return `${since} ${until}`.trim();
}

function dates({ from, to }: ListQuery): SqlParameters {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Years of a register and how many entries each has, newest first. */
export function yearsOf(database: Database, registerId: string): { year: number; entries: number }[] {
  return database.all(
    z.object({ year: z.number(), entries: z.number() }),
    'SELECT year, entries FROM register_year WHERE register_id = @registerId ORDER BY year DESC',
    { registerId },
  );
}

function firstRegister(database: Database): string {
  const row = database.get(z.object({ id: z.string() }), 'SELECT id FROM register ORDER BY ordinal LIMIT 1');
  return row?.id ?? '';
}

/** A register's part of the places; 0, which no register has, when it is unknown. */
export function registerOrdinal(database: Database, registerId: string): number {
  const row = database.get(countSchema, 'SELECT ordinal AS n FROM register WHERE id = @registerId', {
    registerId,
  });
  return row?.n ?? 0;
}
