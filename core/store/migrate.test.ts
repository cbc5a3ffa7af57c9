import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { listRegisters } from '../engine/context.ts';
import { ArrivalRegister } from '../register/arrival-register.ts';
import { systemClock } from '../shared/clock.ts';
import { foldVietnamese } from '../shared/fold.ts';
import { Database } from './database.ts';
import { schemaVersion } from './migrate.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'tests', 'fixtures', 'schema');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'an-thu-migrate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The statements of a schema, spacing aside. */
function shapeOf(path: string): string[] {
  const handle = new BetterSqlite(path, { readonly: true });
  const rows = handle
    .prepare(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)
    .pluck()
    .all() as string[];
  handle.close();
  return rows.map((sql) => sql.replace(/--[^\n]*/g, '').replace(/\s+/g, ' '));
}

it('every version of the data that was ever made has a fixture', () => {
  expect(readdirSync(fixtures).toSorted()).toEqual(
    Array.from({ length: schemaVersion }, (_, index) => `version-${index + 1}.sql`),
  );
});

it.each(readdirSync(fixtures))('%s is brought to the present without losing an entry', async (name) => {
  const path = join(folder, 'register.db');
  const old = new BetterSqlite(path);
  old.function('vfold', { deterministic: true }, (text: unknown) => foldVietnamese(String(text ?? '')));
  old.exec(readFileSync(join(fixtures, name), 'utf8'));
  old.close();
  const database = Database.open(path);
  const audit = new AuditLog(database, systemClock);
  const register = new ArrivalRegister(database, audit, systemClock);
  const [first] = listRegisters(database);
  const found = register.list({ registerId: first?.id ?? '', query: 'duong', offset: 0, limit: 10 });
  expect(found.rows).toMatchObject([{ number: 1, subject: 'Sửa đường liên thôn', issuer: 'Sở Xây dựng' }]);
  expect(register.list({ registerId: first?.id ?? '', query: '', offset: 0, limit: 10 }).total).toBe(3);
  expect(await audit.verify()).toMatchObject({ ok: true, entries: 5 });
  database.close();

  Database.open(join(folder, 'fresh.db')).close();
  expect(shapeOf(path)).toEqual(shapeOf(join(folder, 'fresh.db')));
});
