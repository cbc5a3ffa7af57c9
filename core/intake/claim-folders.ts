import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { strictAssert } from '../shared/assert.ts';
import { READ_AT_ONCE } from '../shared/read-flags.ts';
import { CLAIM_FOLDER } from './ignored-names.ts';

/*
 * Below a scan folder: `.an-thu/<owner>/<claim>/<name>` for files being taken in, `.an-thu/<owner>/da-nhan/<day>/<claim>/`
 * for those that were. An owner is one register's data folder; nobody writes below another owner's folder.
 */

/** Folder for files that were taken in; nothing of ours ever deletes from it. */
export const KEPT_FOLDER = 'da-nhan';
export const CLAIM_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/u;
const OWNER = /^so-[\w-]{1,60}$/u;

/** Whether a name below {@link CLAIM_FOLDER} is that of an owner's folder. */
export function isOwner(name: string): boolean {
  return OWNER.test(name);
}

/** Where an owner's claims lie. */
export function ownClaims(root: string, owner: string): string {
  strictAssert(isOwner(owner), 'owner is a plain name');
  return join(root, CLAIM_FOLDER, owner);
}

/**
 * Makes an owner's folder. The folder around all owners is as open as the scan folder itself, so that a program of
 * another user can make its own beside ours; ours is for us alone. Throws what the file system says, `ENOTDIR` for a
 * link in place of one of them: it would lead the files out of the share.
 */
export async function ensureOwnFolder(root: string, owner: string): Promise<void> {
  const all = join(root, CLAIM_FOLDER);
  await ensureRealFolder(all);
  await openAs(root, all);
  await ensureRealFolder(ownClaims(root, owner));
}

async function ensureRealFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    if (!(await isRealFolder(path))) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  }
}

async function openAs(root: string, folder: string): Promise<void> {
  const [wanted, found] = await Promise.all([stat(root), lstat(folder)]);
  const mode = wanted.mode & 0o7777;
  // Only its maker may; a share without such rights keeps its own.
  if ((found.mode & 0o7777) !== mode) await chmod(folder, mode).catch(() => undefined);
}

export async function isRealFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Names in a folder; none where there is no such folder or no right to look. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return [];
    throw thrown;
  }
}

/**
 * A small file of ours in a scan folder, in whose place anybody may have put something else: a pipe would be waited for until
 * somebody writes, and the folder with it. Throws for anything but a regular file of at most `most` bytes.
 */
export async function readSmallFile(path: string, most: number): Promise<string> {
  await using file = await open(path, READ_AT_ONCE | (constants.O_NOFOLLOW ?? 0));
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > most) throw new Error('not a small file');
  const { bytesRead, buffer } = await file.read(Buffer.alloc(most), 0, most, 0);
  return buffer.toString('utf8', 0, bytesRead);
}
