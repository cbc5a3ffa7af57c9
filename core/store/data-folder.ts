import { chmod, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import BetterSqlite, { type Database as SqliteHandle } from 'better-sqlite3';
import { TOKEN_TRIES_FOLDER } from '../shared/data-folder.ts';
import { AnThuError } from '../shared/errors.ts';
import { asWriteError } from '../shared/durable-fs.ts';
import { requireLocalFolder } from './data-folder-place.ts';

/** Where things lie in a data folder. One engine owns it at a time; nothing of ours lies outside it. */
export interface DataFolder {
  readonly root: string;
  readonly database: string;
  readonly objects: string;
  readonly quarantine: string;
  /** For files being made; emptied at start. Same volume as `objects`. */
  readonly scratch: string;
  /** Local socket of the running engine (a named pipe on Windows). */
  readonly socket: string;
  /** File that holds the secret of the office's account at the province (mode 0600). */
  readonly serverSecret: string;
  /** Folder of our own count of wrong PINs, by token; written by engine and command line. */
  readonly tokenTries: string;
  /** Trust anchors (PEM), by purpose. */
  readonly anchors: string;
  readonly tsaAnchors: string;
  readonly certificates: string;
}

/** The layout below `path`; touches nothing. */
export function dataFolderAt(path: string): DataFolder {
  const root = resolve(path);
  return {
    root,
    database: join(root, 'register.db'),
    objects: join(root, 'objects'),
    quarantine: join(root, 'quarantine'),
    scratch: join(root, 'scratch'),
    socket: socketPath(root),
    serverSecret: join(root, 'server-secret'),
    tokenTries: join(root, TOKEN_TRIES_FOLDER),
    anchors: join(root, 'trust', 'signature'),
    tsaAnchors: join(root, 'trust', 'timestamp'),
    certificates: join(root, 'trust', 'certificates'),
  };
}

/** Unix socket paths end at about 100 bytes, so a deep data folder gets a short name in the user's temp folder. */
function socketPath(root: string): string {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\an-thu-${name}`;
  const inside = join(root, 'engine.sock');
  return Buffer.byteLength(inside) <= 100 ? inside : join(tmpdir(), `an-thu-${name}.sock`);
}

/**
 * Makes the folders (mode 0700) and empties the scratch folder. Fails with `store.network-folder`, `store.path-too-long`
 * and `store.cannot-write`.
 */
export async function prepareDataFolder(folder: DataFolder): Promise<void> {
  await requireLocalFolder(folder.root);
  try {
    await mkdir(folder.root, { recursive: true, mode: 0o700 });
    await chmod(folder.root, 0o700);
    await rm(folder.scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    for (const path of [
      folder.objects,
      folder.quarantine,
      folder.scratch,
      folder.anchors,
      folder.tsaAnchors,
      folder.certificates,
    ]) {
      await mkdir(path, { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    throw asWriteError(error, folder.root);
  }
}

/** Whether an agency's data was set up here. */
export async function hasData(folder: DataFolder): Promise<boolean> {
  try {
    return (await stat(folder.database)).isFile();
  } catch {
    return false;
  }
}

/**
 * As {@link hasData}, for whoever would make data here: anything under the register's name counts, and what the disk does not tell is
 * not taken for nothing. Fails with `store.cannot-write`.
 */
export async function mayHaveData(folder: DataFolder): Promise<boolean> {
  try {
    await lstat(folder.database);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw asWriteError(error, folder.root);
  }
}

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * Whether the folder is absent or holds no more than a count of wrong PINs (and `beside`, a lock of ours), so that setting up
 * cannot harm anything.
 */
export async function isFree(folder: DataFolder, beside?: string): Promise<boolean> {
  try {
    const isOurs = (name: string) =>
      name === TOKEN_TRIES_FOLDER || (beside !== undefined && name.startsWith(beside));
    return (await readdir(folder.root)).every(isOurs);
  } catch (error) {
    return isAbsent(error);
  }
}

const RESTORING = 'restoring.json';

/** Whether data of an office are being brought back here, or were when it was interrupted. */
export async function isHalfRestored(folder: DataFolder): Promise<boolean> {
  const names = await readdir(folder.root).catch((): string[] => []);
  return names.includes(RESTORING) && !names.includes('register.db');
}

export const restoringMarker = (folder: DataFolder): string => join(folder.root, RESTORING);

/** Held by the one engine of a data folder; the operating system lets go of it when the process dies. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder for this process, or fails with `store.busy`. An exclusive SQLite transaction on a file of
 * its own is the lock: it works on every platform and cannot be left behind by a killed process.
 */
export function lockDataFolder(folder: DataFolder): FolderLock {
  return lockFile(folder.root, 'engine.lock');
}

/** As {@link lockDataFolder}, for the one backup of a data folder at a time; an engine may well work beside it. */
export function lockForBackup(folder: DataFolder): FolderLock {
  return lockFile(folder.root, 'backup.lock');
}

/** Takes a file in a folder as a lock. Fails with `store.busy`, `store.cannot-write`. */
export function lockFile(root: string, name: string): FolderLock {
  let handle: SqliteHandle;
  try {
    handle = new BetterSqlite(join(root, name));
  } catch (error) {
    throw asWriteError(error, root);
  }
  try {
    handle.pragma('busy_timeout = 0');
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_BUSY')) throw new AnThuError('store.busy', { path: root });
    throw asWriteError(error, root);
  }
  return { release: () => handle.close() };
}
