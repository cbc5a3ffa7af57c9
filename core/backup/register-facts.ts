import { lstatSync } from 'node:fs';
import { z } from 'zod';
import { AuditLog } from '../audit/audit-log.ts';
import type { AuditCheck } from '../audit/chain.ts';
import { systemClock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { Database } from '../store/database.ts';
import { schemaParts } from '../store/schema-parts.ts';
import type { Manifest } from './manifest.ts';

/** What a copy of a register says of itself. */
export interface CopyFacts {
  readonly schemaVersion: number;
  readonly agency: Manifest['agency'];
  readonly audit: AuditCheck;
  readonly counts: Manifest['counts'];
  readonly registers: Manifest['registers'];
  readonly lastNumbers: Manifest['lastNumbers'];
  /** Every file that the register names, in order. */
  readonly objects: readonly {
    readonly sha256: string;
    readonly bytes: number;
    readonly quarantined: boolean;
  }[];
  /** What SQLite finds wrong with it. */
  readonly problems: readonly string[];
  /** Whether its log goes through each of the given heads of earlier sets. */
  readonly continues: ReadonlySet<string>;
}

const countSchema = z.object({ n: z.number() });
const agencySchema = z.object({ id: z.string(), name: z.string(), organ_id: z.string() });

/**
 * Reads a copy of a register from end to end: integrity, log, and what it names. Nothing is written to it. Fails with
 * `store.damaged` for what is no register at all, `store.newer-version`.
 *
 * @param heads of earlier sets, to tell which of them this register goes on from
 */
export async function factsOfCopy(path: string, heads: readonly string[] = []): Promise<CopyFacts> {
  const database = Database.openReadOnly(path);
  try {
    // Before anything is asked of it: a view in a table's place could answer anything, or never.
    const foreign = foreignParts(database);
    if (foreign.length > 0) throw new AnThuError('store.damaged', { reason: `schema: ${foreign[0] ?? ''}` });
    const count = (sql: string) => database.get(countSchema, sql)?.n ?? 0;
    const agency = database.get(
      agencySchema,
      'SELECT id, name, organ_id FROM agency ORDER BY created_at, id LIMIT 1',
    );
    if (!agency) throw new AnThuError('store.damaged', { reason: 'no agency' });
    return {
      schemaVersion: database.schemaVersion,
      agency: { id: agency.id, name: agency.name, organId: agency.organ_id },
      audit: await new AuditLog(database, systemClock).verify(),
      counts: {
        arrivals: count('SELECT count(*) AS n FROM arrival'),
        documents: count('SELECT count(*) AS n FROM document'),
        outboxPending: count("SELECT count(*) AS n FROM outbox WHERE state <> 'acked'"),
      },
      registers: database.all(
        z.object({ id: z.string(), name: z.string() }),
        'SELECT id, name FROM register ORDER BY position, id',
      ),
      lastNumbers: lastNumbers(database),
      objects: database
        .all(
          z.object({ sha256: z.string(), bytes: z.number(), quarantined: z.number() }),
          'SELECT sha256, bytes, quarantined FROM object ORDER BY sha256',
        )
        .map((row) => ({ ...row, quarantined: row.quarantined === 1 })),
      problems: database.problems(),
      continues: headsIn(database, heads),
    };
  } finally {
    database.close();
  }
}

/** Whether the log of a copy goes through a head; false also for one that cannot be read, or is no file: opening a pipe would wait for ever. */
export function registerGoesThrough(path: string, head: string): boolean {
  try {
    if (!lstatSync(path).isFile()) return false;
    const database = Database.openReadOnly(path);
    try {
      if (foreignParts(database).length > 0) return false;
      return headsIn(database, [head]).size > 0;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

/** Those of the given hashes that entries of the log have. */
function headsIn(database: Database, heads: readonly string[]): Set<string> {
  const rows = database.all(
    z.object({ hash: z.string() }),
    'SELECT hash FROM audit WHERE hash IN (SELECT value FROM json_each(@heads))',
    { heads: JSON.stringify(heads) },
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** Tables, views and triggers that no version of the program made: what they would do is not known. */
function foreignParts(database: Database): string[] {
  const known = schemaParts(database.schemaVersion);
  return database
    .all(
      z.object({ type: z.string(), name: z.string(), sql: z.string().nullable() }),
      'SELECT type, name, sql FROM sqlite_schema',
    )
    .filter(({ name, sql }) => !(sql === null || name.startsWith('sqlite_stat')) && known.get(name) !== sql)
    .map(({ type, name }) => `${type} ${name}`);
}

function lastNumbers(database: Database): Manifest['lastNumbers'] {
  // Before schema 4 there was no table of gaps.
  const gaps =
    database.schemaVersion >= 4 ? 'UNION ALL SELECT register_id, year, last_number FROM number_gap' : '';
  return database
    .all(
      z.object({ register_id: z.string(), name: z.string(), year: z.number(), n: z.number() }),
      `SELECT g.register_id, r.name, g.year, max(g.number) AS n
       FROM (SELECT register_id, year, number FROM arrival ${gaps}) g JOIN register r ON r.id = g.register_id
       GROUP BY g.register_id, g.year ORDER BY r.position, g.year`,
    )
    .map((row) => ({ registerId: row.register_id, registerName: row.name, year: row.year, number: row.n }));
}
