import BetterSqlite from 'better-sqlite3';
import { z } from 'zod';
import { migrate } from './migrate.ts';

const partSchema = z.object({ name: z.string(), sql: z.string() });

/** What the program's own migrations up to a version make, by name: tables, indexes, triggers with their SQL. */
export function schemaParts(version: number): ReadonlyMap<string, string> {
  const handle = new BetterSqlite(':memory:');
  try {
    migrate(handle, version);
    const rows = handle.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
    return new Map(rows.map((row) => partSchema.parse(row)).map(({ name, sql }) => [name, sql]));
  } finally {
    handle.close();
  }
}
