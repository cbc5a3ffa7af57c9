import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, statfs } from 'node:fs/promises';
import { AnThuError, diskFull } from '../shared/errors.ts';
import { READ_AT_ONCE } from '../shared/read-flags.ts';
import { whileHeld } from '../shared/sharing.ts';

/** What a file turned out to be when it was read and compared. */
export type FileState = 'intact' | 'missing' | 'changed' | 'not-a-file' | 'unreadable';

/** Gives what the backup drive refused a code of ours: it is full, or it is away, read-only or failing. Defects stay what they are. */
export function asTargetError(error: unknown, path: string): unknown {
  if (error instanceof AnThuError || !isSystemError(error)) return error;
  if (diskFull(error)) return new AnThuError('backup.target-full', { path }, { cause: error });
  return new AnThuError('backup.target-failed', { path, reason: error.code ?? '' }, { cause: error });
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/**
 * Makes a folder where none is, in one that must be there: a drive that was pulled out is not made anew on the disk below it.
 * Something else under its name, as a link to elsewhere, is refused (`backup.target-failed`).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!(await lstat(path)).isDirectory())
    throw new AnThuError('backup.target-failed', { path, reason: 'ENOTDIR' });
}

/** Whether a folder itself is there, and no link to one elsewhere: nothing is ever removed through a link. */
export async function isRealFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}

export async function nameFile(from: string, to: string): Promise<void> {
  await whileHeld(to, () => rename(from, to));
}

export async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(content);
  await file.sync();
}

/** Fails with `backup.target-full` when so many bytes do not fit. */
export async function requireTargetRoom(path: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free < needed) throw new AnThuError('backup.target-full', { path, needed, free });
}

const CHUNK = 1 << 20;

/**
 * Reads a file once and compares it with what it should be; with `copyTo` it is copied there on the way (flushed). A link is
 * not followed. What cannot be read is a state, what cannot be written is thrown.
 */
export async function compareFile(
  path: string,
  expected: { readonly sha256: string; readonly bytes: number },
  copyTo?: string,
): Promise<FileState> {
  const source = await openSource(path, expected.bytes);
  if (typeof source === 'string') return source;
  try {
    if (copyTo === undefined) return await drain(source, expected.sha256, async () => undefined);
    await using copy = await open(copyTo, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    const state = await drain(source, expected.sha256, async (chunk) => await copy.writeFile(chunk));
    await copy.sync();
    return state;
  } finally {
    await source.close();
  }
}

async function openSource(path: string, bytes: number): Promise<FileHandle | FileState> {
  try {
    const entry = await lstat(path);
    if (!entry.isFile()) return 'not-a-file';
    if (entry.size !== bytes) return 'changed';
    return await open(path, READ_AT_ONCE);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

async function drain(
  source: FileHandle,
  sha256: string,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<FileState> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await source.read(buffer, 0, CHUNK, null));
    } catch {
      return 'unreadable';
    }
    if (bytesRead === 0) return hash.digest('hex') === sha256 ? 'intact' : 'changed';
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await write(chunk);
  }
}
