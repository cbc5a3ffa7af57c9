import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { syncForeignFolder } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { holds, realPlace } from '../shared/places.ts';
import { type FolderLock, lockFile } from '../store/data-folder.ts';
import { type BackupTarget, PART_PREFIX, POOL_NAME, SET_NAME, targetAt } from './layout.ts';
import { asTargetError, isRealFolder, makeFolder, nameFile, writeFlushed } from './target-files.ts';

const markerSchema = z.strictObject({
  format: z.literal('an-thu-backup-1'),
  agencyId: z.string().min(1).max(64),
  organId: z.string().max(100),
  name: z.string().max(500),
});
type Marker = z.infer<typeof markerSchema>;
/** A link to what never ends, or a pipe, must not keep us. */
const LARGEST_MARKER = 64 * 1024;

/**
 * Opens a folder with backup sets. A folder that is not there is never made: an unplugged drive would else get its backups on
 * the system's own disk. Fails with `backup.no-target`.
 */
export async function openTarget(path: string): Promise<{ target: BackupTarget; marker: Marker }> {
  const target = targetAt(path);
  try {
    const entry = await lstat(target.marker);
    if (!entry.isFile() || entry.size > LARGEST_MARKER) throw new Error(`marker: ${entry.size} bytes`);
    const marker = markerSchema.parse(JSON.parse(await readFile(target.marker, 'utf8')));
    return { target, marker };
  } catch (error) {
    throw new AnThuError('backup.no-target', { path: target.root }, { cause: error });
  }
}

/** As {@link openTarget}, for one office's sets only. Fails with `backup.other-agency` too. */
export async function openOwnTarget(path: string, agencyId: string): Promise<BackupTarget> {
  const { target, marker } = await openTarget(path);
  if (marker.agencyId !== agencyId)
    throw new AnThuError('backup.other-agency', {
      path: target.root,
      name: marker.name,
      organId: marker.organId,
    });
  return target;
}

/**
 * Makes a new, empty folder for backup sets; its parent must be there. Fails with `backup.target-not-empty`, or what
 * {@link openOwnTarget} says where one is already.
 */
export async function beginTarget(
  path: string,
  agency: Omit<Marker, 'format' | 'agencyId'> & { id: string },
): Promise<BackupTarget> {
  const target = targetAt(path);
  const there = await namesIn(target.root);
  if (there.includes('an-thu-backup.json')) return await openOwnTarget(path, agency.id);
  const foreign = there.filter((name) => !name.startsWith(PART_PREFIX) && name !== 'sets');
  if (foreign.length > 0) throw new AnThuError('backup.target-not-empty', { path: target.root });
  try {
    await makeFolder(target.root);
    await makeFolder(target.sets);
    const marker: Marker = {
      format: 'an-thu-backup-1',
      agencyId: agency.id,
      organId: agency.organId,
      name: agency.name,
    };
    const part = join(target.root, `${PART_PREFIX}marker`);
    await rm(part, { force: true });
    await writeFlushed(part, `${JSON.stringify(marker, null, 2)}\n`);
    await nameFile(part, target.marker);
    await syncForeignFolder(target.root);
    // The folder itself is new, too.
    await syncForeignFolder(dirname(target.root));
    return target;
  } catch (error) {
    throw asTargetError(error, target.root);
  }
}

/** None where there is no such folder; one that cannot be listed may hold anything. */
async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw asTargetError(error, path);
  }
}

/**
 * Held by the one backup that writes into a target: another, of the same office on another computer or on a data folder restored beside
 * the old one, would clear away what is not named yet. Drives without locks go on without. Fails with `backup.target-busy`.
 */
export function lockTarget(target: BackupTarget): FolderLock {
  try {
    return lockFile(target.root, 'backup.lock');
  } catch (error) {
    if (error instanceof AnThuError && error.code === 'store.busy')
      throw new AnThuError('backup.target-busy', { path: target.root }, { cause: error });
    return { release: () => undefined };
  }
}

/** Refuses a target inside the data folder, and one that the data folder lies in: neither could outlive the other. Links are followed. */
export async function requireApart(path: string, dataRoot: string): Promise<void> {
  const [target, data] = await Promise.all([realPlace(path), realPlace(dataRoot)]);
  if (holds(data, target) || holds(target, data)) throw new AnThuError('backup.inside-data', { path });
}

/** Names of the finished sets, newest first. Fails with `backup.target-failed`. */
export async function listSets(target: BackupTarget): Promise<string[]> {
  try {
    return (await readdir(target.sets))
      .filter((name) => SET_NAME.test(name))
      .toSorted()
      .toReversed();
  } catch (error) {
    throw asTargetError(error, target.sets);
  }
}

export async function listPools(target: BackupTarget): Promise<string[]> {
  return (await readdir(target.root)).filter((name) => POOL_NAME.test(name)).toSorted();
}

/** Removes what a set that was never finished left behind. Returns how many things. */
export async function removeLeftovers(target: BackupTarget): Promise<number> {
  const folders = [
    target.root,
    target.sets,
    ...(await listPools(target)).map((pool) => join(target.root, pool)),
  ];
  let removed = 0;
  for (const folder of folders) {
    if (folder !== target.root && !(await isRealFolder(folder))) continue;
    for (const name of await readdir(folder)) {
      if (!name.startsWith(PART_PREFIX)) continue;
      await rm(join(folder, name), { recursive: true, force: true });
      removed++;
    }
  }
  return removed;
}
