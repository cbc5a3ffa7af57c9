import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Database } from './database.ts';
import { schemaVersion } from './migrate.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'an-thu-database-'));
  path = join(folder, 'register.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pragma = (database: Database, name: string): unknown =>
  Object.values(database.get(z.record(z.string(), z.unknown()), `PRAGMA ${name}`) ?? {})[0];
const set = (database: Database, key: string): number =>
  database.run('INSERT INTO setting (key, value) VALUES (@key, @key)', { key });
const keys = (database: Database): string[] =>
  database.all(z.object({ key: z.string() }), 'SELECT key FROM setting ORDER BY key').map((row) => row.key);

it('closed to be moved, it is one file with all that was written, or says that it is not', () => {
  const database = Database.open(path);
  set(database, 'first');
  const reader = new BetterSqlite(path, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM setting').get();
  set(database, 'second');
  // As when the disk is full: plain closing leaves what was written last in the log, and says nothing.
  expect(() => database.closeIntoOneFile()).toThrow(/locked/);
  expect(existsSync(`${path}-wal`)).toBe(true);
  reader.close();
  Database.open(path).closeIntoOneFile();
  expect(readdirSync(folder)).toEqual(['register.db']);
  const again = Database.open(path);
  expect(keys(again)).toEqual(['first', 'second']);
  again.close();
});

describe('opening', () => {
  it('a database again finds it durable: write-ahead log, full synchronous, foreign keys', () => {
    Database.open(path).close();
    const database = Database.open(path);
    expect(pragma(database, 'journal_mode')).toBe('wal');
    expect(pragma(database, 'synchronous')).toBe(2);
    expect(pragma(database, 'foreign_keys')).toBe(1);
    database.close();
  });

  it('makes a database weakened by another program durable again', () => {
    Database.open(path).close();
    const other = new BetterSqlite(path);
    other.pragma('journal_mode = DELETE');
    other.close();
    const database = Database.open(path);
    expect(pragma(database, 'journal_mode')).toBe('wal');
    database.close();
  });

  it('keeps what was written', () => {
    const first = Database.open(path);
    set(first, 'kept');
    first.close();
    const second = Database.open(path);
    expect(keys(second)).toEqual(['kept']);
    second.close();
  });

  it('refuses a file that is no database, and leaves it as it is', () => {
    writeFileSync(path, 'không phải cơ sở dữ liệu '.repeat(100));
    expect(() => Database.open(path)).toThrow(expect.objectContaining({ code: 'store.damaged' }));
  });

  it('refuses data of a newer version and does not touch it', () => {
    Database.open(path).close();
    const newer = new BetterSqlite(path);
    newer.pragma(`user_version = ${schemaVersion + 1}`);
    newer.close();
    expect(() => Database.open(path)).toThrow(
      expect.objectContaining({
        code: 'store.newer-version',
        detail: { found: schemaVersion + 1, known: schemaVersion },
      }),
    );
    const after = new BetterSqlite(path);
    expect(after.pragma('user_version', { simple: true })).toBe(schemaVersion + 1);
    after.close();
  });

  it('says so when the folder cannot be found', () => {
    expect(() => Database.open(join(folder, 'gone', 'register.db'))).toThrow();
  });
});

describe('a transaction', () => {
  let database: Database;
  beforeEach(() => {
    database = Database.open(path);
  });
  afterEach(() => database.close());

  it('commits everything or nothing', () => {
    expect(() =>
      database.transaction(() => {
        set(database, 'one');
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(keys(database)).toEqual([]);
  });

  it('inside another belongs to it', () => {
    expect(() =>
      database.transaction(() => {
        database.transaction(() => set(database, 'inner'));
        throw new Error('after the inner one');
      }),
    ).toThrow();
    expect(keys(database)).toEqual([]);
  });

  it('works again after one that failed', () => {
    expect(() =>
      database.transaction(() => {
        throw new Error('first');
      }),
    ).toThrow();
    database.transaction(() => set(database, 'second'));
    expect(keys(database)).toEqual(['second']);
  });

  it('runs what waits for its commit afterwards, in order, and drops it when rolled back', () => {
    const seen: string[] = [];
    database.transaction(() => {
      database.afterCommit(() => seen.push(`first sees ${keys(database).join()}`));
      database.afterCommit(() => seen.push('second'));
      set(database, 'row');
      expect(seen).toEqual([]);
    });
    expect(() =>
      database.transaction(() => {
        database.afterCommit(() => seen.push('never'));
        throw new Error('rolled back');
      }),
    ).toThrow();
    database.afterCommit(() => seen.push('at once'));
    expect(seen).toEqual(['first sees row', 'second', 'at once']);
  });

  it('cannot break a reference', () => {
    expect(() =>
      database.run(
        `INSERT INTO document (id, agency_id, created_at, state) VALUES ('d', 'nobody', '', 'registered')`,
      ),
    ).toThrow(/FOREIGN KEY/);
  });
});

it('folds Vietnamese inside SQL', () => {
  const database = Database.open(path);
  const row = database.get(z.object({ text: z.string() }), `SELECT vfold('Đường Nguyễn') AS text`);
  expect(row?.text).toBe('duong nguyen');
  database.close();
});

it('a row of the wrong shape does not leave the store', () => {
  const database = Database.open(path);
  expect(() => database.all(z.object({ n: z.number() }), `SELECT 'text' AS n`)).toThrow();
  database.close();
});
