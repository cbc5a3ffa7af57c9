import { randomUUID } from 'node:crypto';
import { lstat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncForeignFolder } from '../shared/durable-fs.ts';
import { failpoint } from '../shared/failpoint.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { ObjectStore } from '../store/object-store.ts';
import { type BackupTarget, PART_PREFIX, pooledPath } from './layout.ts';
import { listPools, listSets } from './target.ts';
import { readManifest } from './manifest.ts';
import { compareFile, makeFolder, nameFile, requireTargetRoom } from './target-files.ts';

const POOL_PREFIX = 'objects-';
/** `yyyyMM` of a pool's or set's name. */
const monthOf = (name: string): string => name.replace(POOL_PREFIX, '').slice(0, 6);

/**
 * The pool for a new set: the newest one of this month, also one that an interrupted first set began; else a new one. `fresh`
 * says that no earlier set shares it, so that the new set is a full one.
 */
export async function choosePool(
  target: BackupTarget,
  setName: string,
  kind: 'as-due' | 'full',
): Promise<{ name: string; fresh: boolean }> {
  // Of this month also where a clock that ran ahead left a later one.
  const newest = (await listPools(target)).findLast((name) => monthOf(name) === monthOf(setName));
  if (kind === 'full' || newest === undefined) return { name: `${POOL_PREFIX}${setName}`, fresh: true };
  for (const name of await listSets(target)) {
    const read = await readManifest(target, name).catch(() => undefined);
    if (read?.manifest.pool === newest) return { name: newest, fresh: false };
  }
  return { name: newest, fresh: true };
}

interface Stored {
  readonly sha256: string;
  readonly bytes: number;
}

export interface FilledPool {
  /** In the pool, in order. */
  readonly objects: Stored[];
  readonly missing: string[];
  readonly withheld: string[];
  readonly copied: { readonly files: number; readonly bytes: number };
}

/**
 * Brings every file that a register names into a pool, but those in quarantine. One that is there in its full length is taken
 * to be whole (`verify` reads it again); one that cannot be had from the data folder is reported and stops nothing.
 */
export async function fillPool(options: {
  readonly target: BackupTarget;
  readonly pool: string;
  readonly folder: DataFolder;
  readonly objects: readonly (Stored & { readonly quarantined: boolean })[];
  /** Bytes that must fit on the target too. */
  readonly besides: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}): Promise<FilledPool> {
  const { target, pool, folder } = options;
  const root = join(target.root, pool);
  await makeFolder(root);
  const withheld = options.objects.filter(({ quarantined }) => quarantined).map(({ sha256 }) => sha256);
  const wanted = options.objects.filter(({ quarantined }) => !quarantined);
  const absent = [];
  for (const object of wanted)
    if (!(await isThere(pooledPath(target, pool, object.sha256), object.bytes))) absent.push(object);
  await requireTargetRoom(
    target.root,
    absent.reduce((sum, { bytes }) => sum + bytes, options.besides),
  );
  const others = (await listPools(target)).filter((name) => name !== pool).toReversed();
  const store = new ObjectStore(folder);
  // What the data folder has lost may be in an earlier month's pool.
  const sourcesOf = (sha256: string): string[] => [
    store.path(sha256),
    ...others.map((other) => pooledPath(target, other, sha256)),
  ];
  const shelves = new Set<string>();
  const unavailable = new Set<string>();
  const missing: string[] = [];
  let copiedBytes = 0;
  for (const [done, object] of absent.entries()) {
    const to = pooledPath(target, pool, object.sha256);
    if (await bringFromAny(sourcesOf(object.sha256), to, object, root)) {
      copiedBytes += object.bytes;
      shelves.add(dirname(to));
    } else {
      unavailable.add(object.sha256);
      // Put into quarantine since the register was copied: then it belongs into no backup.
      const quarantined = await isThere(store.quarantinePath(object.sha256), object.bytes);
      (quarantined ? withheld : missing).push(object.sha256);
    }
    options.onProgress?.(done + 1, absent.length);
  }
  for (const shelf of shelves) await syncForeignFolder(shelf);
  await syncForeignFolder(root);
  await syncForeignFolder(target.root);
  return {
    objects: wanted
      .filter(({ sha256 }) => !unavailable.has(sha256))
      .map(({ sha256, bytes }) => ({ sha256, bytes })),
    missing,
    withheld: withheld.toSorted(),
    copied: { files: absent.length - unavailable.size, bytes: copiedBytes },
  };
}

async function bringFromAny(
  sources: readonly string[],
  to: string,
  object: Stored,
  pool: string,
): Promise<boolean> {
  for (const from of sources) if (await bring(from, to, object, pool)) return true;
  return false;
}

/** Copies one file into its place; false when it is not there, or not as its name says. */
async function bring(from: string, to: string, object: Stored, pool: string): Promise<boolean> {
  const part = join(pool, `${PART_PREFIX}${randomUUID()}`);
  const state = await compareFile(from, object, part);
  if (state !== 'intact') {
    await unlink(part).catch(() => undefined);
    return false;
  }
  failpoint('backup.object-copied');
  await makeFolder(dirname(to));
  await nameFile(part, to);
  return true;
}

async function isThere(path: string, bytes: number): Promise<boolean> {
  try {
    const entry = await lstat(path);
    return entry.isFile() && entry.size === bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
