import BetterSqlite from 'better-sqlite3';
import { z } from 'zod';
import { asWriteError, hashFile, makeFileDurably, requireSpace, syncFile } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { copyFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What tells two states of a register apart, read without changing or migrating it. */
export const registerFactsSchema = z.object({
  schemaVersion: z.number().int().nonnegative(),
  /** Entries of the log, and the hash of the last one: everything that happens in an office leaves one. */
  auditEntries: z.number().int().nonnegative(),
  auditHead: z.string().nullable(),
});
export type RegisterFacts = z.infer<typeof registerFactsSchema>;

/** Reads the facts of a register of any version. Fails with `store.damaged`. */
export function registerFacts(path: string): RegisterFacts {
  return withHandle(path, (handle) => {
    const schemaVersion = Number(handle.pragma('user_version', { simple: true }));
    if (schemaVersion === 0) return { schemaVersion, auditEntries: 0, auditHead: null };
    const row = z
      .object({ n: z.number(), head: z.string().nullable() })
      .parse(
        handle
          .prepare(
            'SELECT count(*) AS n, (SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1) AS head FROM audit',
          )
          .get(),
      );
    return { schemaVersion, auditEntries: row.n, auditHead: row.head };
  });
}

/**
 * Copies a register page by page (SQLite's own backup, so a running writer does no harm) to `toPath`, checks the copy and
 * makes it durable before it gets its name. Fails with `store.disk-full`, `store.cannot-write`, `store.damaged`.
 */
export async function copyRegister(
  fromPath: string,
  toPath: string,
): Promise<RegisterFacts & { sha256: string; bytes: number }> {
  await requireSpace(dirname(toPath), (await stat(fromPath)).size);
  try {
    const { sha256, bytes } = await makeFileDurably(toPath, async (part) => {
      const handle = new BetterSqlite(fromPath, { fileMustExist: true });
      try {
        await handle.backup(part);
      } finally {
        handle.close();
      }
      requireSound(part);
      await syncFile(part);
      return await hashFile(part);
    });
    return { ...registerFacts(toPath), sha256, bytes };
  } catch (error) {
    throw asWriteError(error, toPath);
  }
}

/**
 * Puts a copy in the register's place in one rename. The register must not be open anywhere, and what it holds must have
 * been copied elsewhere before.
 */
export async function putRegisterInPlace(copyPath: string, registerPath: string): Promise<void> {
  requireSound(copyPath);
  // What is still in the write-ahead log goes into the file and the log goes away with the last connection.
  withHandle(registerPath, (handle) => handle.pragma('wal_checkpoint(TRUNCATE)'));
  await makeFileDurably(registerPath, async (part) => {
    await copyFile(copyPath, part);
    await syncFile(part);
    for (const suffix of ['-wal', '-shm']) await rm(`${registerPath}${suffix}`, { force: true });
  });
}

function requireSound(path: string): void {
  const verdict = withHandle(path, (handle) => String(handle.pragma('quick_check', { simple: true })));
  if (verdict !== 'ok') throw new AnThuError('store.damaged', { reason: verdict });
}

function withHandle<T>(path: string, work: (handle: BetterSqlite.Database) => T): T {
  try {
    const handle = new BetterSqlite(path, { fileMustExist: true });
    try {
      return work(handle);
    } finally {
      handle.close();
    }
  } catch (error) {
    if (error instanceof AnThuError) throw error;
    const code = (error as { code?: string }).code ?? String(error);
    throw new AnThuError('store.damaged', { reason: code }, { cause: error });
  }
}
