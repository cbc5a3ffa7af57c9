import BetterSqlite, { type Database as SqliteHandle } from 'better-sqlite3';
import { z } from 'zod';
import { AnThuError, diskFull } from '../shared/errors.ts';
import { foldVietnamese } from '../shared/fold.ts';
import { migrate, schemaVersion } from './migrate.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlParameters = Readonly<Record<string, SqlValue>>;

/** Before this, SQLite could corrupt a WAL database on reset (findings/peers-capture-sync-desktop.md §3.2). */
const MINIMUM_SQLITE = [3, 51, 3] as const;

/**
 * The register's database: one writer, every row parsed by a schema as it leaves. SQL lives in the rooms;
 * better-sqlite3 is known only here.
 */
export class Database {
  readonly #handle: SqliteHandle;
  readonly #statements = new Map<string, ReturnType<SqliteHandle['prepare']>>();
  #depth = 0;
  readonly #afterCommit: (() => void)[] = [];

  private constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  /**
   * Opens (or makes) the database, sets and asserts WAL, synchronous=FULL and foreign keys, and migrates forward.
   * Fails with `store.not-durable`, `store.newer-version`, `store.damaged`.
   */
  static open(path: string): Database {
    const handle = openHandle(path);
    try {
      assertSqliteVersion(handle);
      handle.pragma('journal_mode = WAL');
      handle.pragma('synchronous = FULL');
      handle.pragma('foreign_keys = ON');
      handle.pragma('busy_timeout = 5000');
      handle.pragma('trusted_schema = OFF');
      handle.pragma('cell_size_check = ON');
      if (process.platform === 'darwin') handle.pragma('fullfsync = ON');
      assertDurable(handle);
      handle.function('vfold', { deterministic: true }, (text: unknown) =>
        foldVietnamese(String(text ?? '')),
      );
      migrate(handle);
    } catch (error) {
      handle.close();
      throw asDatabaseError(error);
    }
    return new Database(handle);
  }

  /**
   * Opens a register to look at it only: nothing is migrated or written, not even beside it. Its file must not be in use by a
   * writer. Fails with `store.newer-version`, `store.damaged`.
   */
  static openReadOnly(path: string): Database {
    try {
      const handle = new BetterSqlite(path, { readonly: true, fileMustExist: true });
      try {
        handle.pragma('trusted_schema = OFF');
        handle.pragma('cell_size_check = ON');
        const found = Number(handle.pragma('user_version', { simple: true }));
        if (found > schemaVersion)
          throw new AnThuError('store.newer-version', { found, known: schemaVersion });
        if (found === 0) throw new AnThuError('store.damaged', { reason: 'no schema' });
        return new Database(handle);
      } catch (error) {
        handle.close();
        throw error;
      }
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /** All rows, each parsed by `row`. */
  all<T>(row: z.ZodType<T>, sql: string, parameters: SqlParameters = {}): T[] {
    return this.#guard(() => this.#prepare(sql).all(parameters)).map((value) => row.parse(value));
  }

  /** The first row, or undefined. */
  get<T>(row: z.ZodType<T>, sql: string, parameters: SqlParameters = {}): T | undefined {
    const value = this.#guard(() => this.#prepare(sql).get(parameters));
    return value === undefined ? undefined : row.parse(value);
  }

  /** Runs a statement; returns how many rows changed. */
  run(sql: string, parameters: SqlParameters = {}): number {
    return this.#guard(() => this.#prepare(sql).run(parameters)).changes;
  }

  /** The rowid given by an INSERT. */
  insert(sql: string, parameters: SqlParameters = {}): number {
    return Number(this.#guard(() => this.#prepare(sql).run(parameters)).lastInsertRowid);
  }

  /** Everything in `work` commits together or not at all (BEGIN IMMEDIATE). Nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#depth++;
    try {
      const value = this.#handle.transaction(work).immediate();
      this.#depth--;
      for (const action of this.#afterCommit.splice(0)) action();
      return value;
    } catch (error) {
      this.#depth = 0;
      this.#afterCommit.length = 0;
      throw asDatabaseError(error);
    }
  }

  /** Runs `action` once the transaction under way has committed (at once outside one); dropped on roll back. */
  afterCommit(action: () => void): void {
    if (this.#depth === 0) action();
    else this.#afterCommit.push(action);
  }

  /**
   * Copies the register as it is now to a file of its own, a few pages at a time, so that who works on it is not held up and
   * what is written meanwhile is in the copy too. The copy is one plain file that needs no log beside it. Fails with
   * `store.disk-full`, `store.cannot-write`.
   */
  async snapshot(toPath: string): Promise<void> {
    try {
      await this.#handle.backup(toPath);
      const copy = new BetterSqlite(toPath, { fileMustExist: true });
      try {
        copy.pragma('journal_mode = DELETE');
      } finally {
        copy.close();
      }
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /** What SQLite finds wrong with the file or its references; nothing for a sound one. Takes as long as reading it all. */
  problems(): string[] {
    const rows = this.all(z.object({ integrity_check: z.string() }), 'PRAGMA integrity_check(20)');
    const references = this.all(z.object({ table: z.string() }), 'PRAGMA foreign_key_check');
    return [
      ...rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok'),
      ...new Set(references.map(({ table }) => `foreign key: ${table}`)),
    ];
  }

  get schemaVersion(): number {
    return Number(this.#handle.pragma('user_version', { simple: true }));
  }

  close(): void {
    this.#handle.close();
  }

  /**
   * Closes a database whose file is to be renamed: all that was written is in that one file. Where it cannot be brought there (another
   * reader, a full disk), this fails and the log stays beside it, which plain closing would not tell.
   */
  closeIntoOneFile(): void {
    try {
      this.#handle.pragma('busy_timeout = 0');
      const mode = String(this.#handle.pragma('journal_mode = DELETE', { simple: true }));
      if (mode !== 'delete') throw new AnThuError('store.not-durable', { reason: `journal_mode=${mode}` });
    } catch (error) {
      throw asDatabaseError(error);
    } finally {
      this.#handle.close();
    }
  }

  /** Gives what SQLite refuses a code of ours, also outside a transaction. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  #prepare(sql: string): ReturnType<SqliteHandle['prepare']> {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#handle.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function openHandle(path: string): SqliteHandle {
  try {
    return new BetterSqlite(path);
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** The build sets NORMAL as the WAL default at each open; a lost last commit would be a lost signature. */
function assertDurable(handle: SqliteHandle): void {
  const journal = handle.pragma('journal_mode', { simple: true });
  const synchronous = handle.pragma('synchronous', { simple: true });
  const foreignKeys = handle.pragma('foreign_keys', { simple: true });
  if (journal !== 'wal' || synchronous !== 2 || foreignKeys !== 1) {
    throw new AnThuError('store.not-durable', {
      reason: `journal_mode=${String(journal)} synchronous=${String(synchronous)} foreign_keys=${String(foreignKeys)}`,
    });
  }
}

function assertSqliteVersion(handle: SqliteHandle): void {
  const text = String(handle.prepare('SELECT sqlite_version()').pluck().get());
  const found = text.split('.').map(Number);
  for (const [index, minimum] of MINIMUM_SQLITE.entries()) {
    const part = found[index] ?? 0;
    if (part > minimum) return;
    if (part < minimum) throw new AnThuError('store.not-durable', { reason: `SQLite ${text}` });
  }
}

function asDatabaseError(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new AnThuError('store.damaged', { reason: code }, { cause: error });
  }
  const full = diskFull(error);
  if (full) return full;
  if (
    code.startsWith('SQLITE_READONLY') ||
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_IOERR')
  ) {
    return new AnThuError('store.cannot-write', { path: 'register.db', reason: code }, { cause: error });
  }
  return error;
}
