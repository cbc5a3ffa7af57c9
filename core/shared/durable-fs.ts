import { createHash } from 'node:crypto';
import { closeSync, constants, fsync, openSync } from 'node:fs';
import { type FileHandle, open, rename, rm, statfs, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { AnThuError, DISK_RESERVE_BYTES, diskFull } from './errors.ts';
import { READ_AT_ONCE } from './read-flags.ts';
import { whileHeld } from './sharing.ts';

const syncHandle = promisify(fsync);

/** Codes that Windows gives for fsync of a folder, where it has no meaning (findings/windows.md). */
const folderSyncAbsent = new Set(['EPERM', 'EISDIR', 'EINVAL', 'EBADF', 'EACCES']);

/** Makes a rename or a new name in `folder` durable. A failure is a hard error, except on Windows, which has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throwUnlessAbsent(error);
  }
}

/** How drives and shares say that they cannot flush a folder; their files are flushed all the same. */
const foreignSyncAbsent = new Set([...folderSyncAbsent, 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/** As {@link syncFolder}, of a drive or share that somebody chose, as far as its file system can. */
export async function syncForeignFolder(folder: string): Promise<void> {
  try {
    await syncFolder(folder);
  } catch (error) {
    throwUnlessForeign(error);
  }
}

function throwUnlessForeign(error: unknown): void {
  if (!foreignSyncAbsent.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
}

function throwUnlessAbsent(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (process.platform !== 'win32' || !folderSyncAbsent.has(code)) throw error;
}

/** A sync that is under way, and the one that begins when it ends. */
interface FolderSyncs {
  running: Promise<void>;
  next: Promise<void> | undefined;
}

const folderSyncs = new Map<string, FolderSyncs>();

/**
 * Makes all names that are in `folder` by now durable, as {@link syncForeignFolder} does. Those who ask while a sync is under
 * way share the next one: many files into one folder cost a few syncs, not one each.
 */
export function syncFolderTogether(folder: string): Promise<void> {
  const syncs = folderSyncs.get(folder);
  if (syncs) return (syncs.next ??= syncs.running.then(noop, noop).then(() => startFolderSync(folder)));
  return startFolderSync(folder);
}

function startFolderSync(folder: string): Promise<void> {
  const running = syncOpened(folder);
  const syncs: FolderSyncs = { running, next: undefined };
  folderSyncs.set(folder, syncs);
  const end = (): void => {
    if (!syncs.next && folderSyncs.get(folder) === syncs) folderSyncs.delete(folder);
  };
  running.then(end, end);
  return running;
}

/** For those who have just written there: opening it waits for nobody, only the sync is worth another thread. */
async function syncOpened(folder: string): Promise<void> {
  try {
    const handle = openSync(folder, constants.O_RDONLY);
    try {
      await syncHandle(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throwUnlessForeign(error);
  }
}

const noop = (): void => undefined;

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 (lower-case hex) and size of a file, streamed. Throws `general.no-such-input` for what is no file, as a pipe. */
export async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  await using handle = await open(path, READ_AT_ONCE);
  if (!(await handle.stat()).isFile()) throw new AnThuError('general.no-such-input', { path });
  let bytes = 0;
  await pipeline(handle.createReadStream({ highWaterMark: 1 << 20 }), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  });
  return { sha256: hash.digest('hex'), bytes };
}

/** Renames within one volume and makes the new name durable; `sync` is {@link syncForeignFolder} for a place that somebody chose. */
export async function renameDurably(from: string, to: string, sync = syncFolder): Promise<void> {
  await whileHeld(to, () => rename(from, to));
  await sync(dirname(to));
}

/**
 * Makes a file whole or not at all: `make` writes and flushes a new draft beside its name (`.part`; a left one goes), which is then renamed
 * durably, as {@link renameDurably} does. What `make` and the system throw passes through; the draft is gone then.
 */
export async function makeFileDurably<T>(
  path: string,
  make: (part: string) => Promise<T>,
  sync = syncFolder,
): Promise<T> {
  const part = `${path}.part`;
  await rm(part, { force: true });
  try {
    const made = await make(part);
    await renameDurably(part, path, sync);
    return made;
  } catch (error) {
    await rm(part, { force: true }).catch(noop);
    throw error;
  }
}

/** {@link makeFileDurably} of a small file that is at hand. Errors: `store.disk-full`, `store.cannot-write`. */
export async function writeFileDurably(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
  sync = syncFolder,
): Promise<void> {
  try {
    await makeFileDurably(path, (part) => writeFile(part, content, { mode, flush: true }), sync);
  } catch (error) {
    throw asWriteError(error, path);
  }
}

/** {@link makeFileDurably} of what `fill` writes. */
export async function fillFileDurably(
  path: string,
  fill: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await makeFileDurably(path, (part) => fillNew(part, fill));
}

/** Closed when this ends: Windows renames no open file. */
async function fillNew(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await fill(file);
  await file.sync();
}

export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await whileHeld(path, () => unlink(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Fails with `store.disk-full` when `needed` bytes and a reserve do not fit on the folder's volume. */
export async function requireSpace(
  folder: string,
  needed: number,
  reserve: number = DISK_RESERVE_BYTES,
): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed + reserve) throw new AnThuError('store.disk-full', { needed: needed + reserve, free });
}

/** Gives what the operating system refused a code of ours. */
export function asWriteError(error: unknown, path: string): AnThuError {
  if (error instanceof AnThuError) return error;
  const full = diskFull(error);
  if (full) return full;
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new AnThuError('store.cannot-write', { path, reason: code }, { cause: error });
}

/** As {@link asWriteError}, of a stored file that is there and cannot be read: `store.object-unreadable`. */
export function asObjectReadError(error: unknown, sha256: string): AnThuError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const reason = error instanceof AnThuError ? 'not-a-file' : code;
  return new AnThuError('store.object-unreadable', { sha256, reason }, { cause: error });
}
