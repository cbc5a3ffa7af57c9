import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asObjectReadError, hashFile, syncForeignFolder } from './durable-fs.ts';
import { AnThuError } from './errors.ts';
import { failpoint } from './failpoint.ts';
import { READ_AT_ONCE } from './read-flags.ts';
import { reason } from './reasons.ts';
import { whileHeld } from './sharing.ts';

/** One file of a folder that is handed on: bytes at hand, or a stored file with what it must be. */
export type FolderFile =
  | { readonly name: string; readonly content: Uint8Array }
  | { readonly name: string; readonly from: string; readonly sha256: string; readonly bytes: number };

export interface WholeFolder {
  /** There already, as a stick that is plugged in. */
  readonly parent: string;
  readonly name: string;
  /** Names beginning so are drafts of ours that a killed process left; they are taken away. */
  readonly draftPrefix: string;
  /** Names below the folder with `/`, at most one folder deep each; written in this order. */
  readonly files: readonly FolderFile[];
}

const CHUNK = 1 << 20;
/** What a file system needs beside the bytes: names and clusters. */
const ROOM_PER_FILE = 64 * 1024;

interface Written {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes a folder whole or not at all: a draft beside its name, every file flushed, all read again and compared, then renamed. A
 * draft never has the final name, so what has it is complete. Gives the path and the bytes written.
 * Errors: `store.folder-full`, `store.folder-write-failed` (also for a medium that reads back something else),
 * `store.no-such-folder`, `store.folder-exists`; `store.object-missing`, `store.object-changed` and `store.object-unreadable` for a
 * stored file that is not what was recorded.
 */
export async function writeFolderWhole(folder: WholeFolder): Promise<{ path: string; bytes: number }> {
  const path = join(folder.parent, folder.name);
  const draft = join(folder.parent, `${folder.draftPrefix}${folder.name}`);
  await requireFolder(folder.parent);
  if (await isThere(path)) throw new AnThuError('store.folder-exists', { path });
  try {
    await removeDrafts(folder.parent, folder.draftPrefix);
    await requireRoom(folder);
    await mkdir(draft, { mode: 0o700 });
    try {
      const written = await fill(draft, folder.files);
      await readBack(draft, written);
      await syncForeignFolder(draft);
      failpoint('store.object-copied');
      await whileHeld(path, () => rename(draft, path));
      failpoint('store.object-renamed');
      await syncForeignFolder(folder.parent);
      return { path, bytes: written.reduce((sum, file) => sum + file.bytes, 0) };
    } catch (error) {
      // On a medium that is gone this fails too; the next run takes the draft away.
      await rm(draft, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw asFolderError(error, folder.parent);
  }
}

/** Fails with `store.no-such-folder` unless the folder is there, before work is done for it. */
export async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw new AnThuError('store.no-such-folder', { path });
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

async function removeDrafts(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent))
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
}

async function requireRoom({ parent, files }: WholeFolder): Promise<void> {
  const sizes = files.map((file) => ('content' in file ? file.content.length : file.bytes));
  const needed = sizes.reduce((sum, bytes) => sum + bytes + ROOM_PER_FILE, 0);
  const { bavail, bsize } = await statfs(parent);
  const free = bavail * bsize;
  if (free < needed) throw new AnThuError('store.folder-full', { path: parent, needed, free });
}

async function fill(draft: string, files: readonly FolderFile[]): Promise<readonly Written[]> {
  const folders = new Set<string>();
  const written: Written[] = [];
  for (const file of files) {
    const target = join(draft, ...file.name.split('/'));
    const folder = dirname(target);
    if (folder !== draft && !folders.has(folder)) {
      await mkdir(folder, { mode: 0o700 });
      folders.add(folder);
    }
    written.push(await writeOne(target, file));
  }
  for (const folder of folders) await syncForeignFolder(folder);
  return written;
}

async function writeOne(target: string, file: FolderFile): Promise<Written> {
  await using handle = await open(target, 'wx', 0o600);
  if ('content' in file) {
    await handle.writeFile(file.content);
    await handle.sync();
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    return { name: file.name, sha256, bytes: file.content.length };
  }
  const hash = createHash('sha256');
  let bytes = 0;
  await using source = await openStored(file);
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
      throw asObjectReadError(error, file.sha256);
    });
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    bytes += bytesRead;
    await handle.writeFile(chunk);
  }
  await handle.sync();
  const sha256 = hash.digest('hex');
  if (sha256 !== file.sha256 || bytes !== file.bytes)
    throw new AnThuError('store.object-changed', { sha256: file.sha256 });
  return { name: file.name, sha256, bytes };
}

async function openStored(file: { readonly from: string; readonly sha256: string }) {
  try {
    return await open(file.from, READ_AT_ONCE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asObjectReadError(error, file.sha256);
    throw new AnThuError('store.object-missing', { sha256: file.sha256 }, { cause: error });
  }
}

async function readBack(draft: string, files: readonly Written[]): Promise<void> {
  for (const file of files) {
    const found = await hashFile(join(draft, ...file.name.split('/')));
    if (found.sha256 !== file.sha256 || found.bytes !== file.bytes) {
      const detail = { path: dirname(draft), reason: reason('store.read-back', file.name) };
      throw new AnThuError('store.folder-write-failed', detail);
    }
  }
}

function asFolderError(error: unknown, path: string): AnThuError {
  if (error instanceof AnThuError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? basename(String(error));
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AnThuError('store.folder-full', { path, needed: null, free: 0 }, { cause: error });
  return new AnThuError('store.folder-write-failed', { path, reason: code }, { cause: error });
}
