import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failpoint } from '../shared/failpoint.ts';
import { type BackupTarget, PART_PREFIX, pooledPath, setPath } from './layout.ts';
import { readManifest } from './manifest.ts';
import { listPools, listSets } from './target.ts';
import { isRealFolder, nameFile } from './target-files.ts';

/**
 * Files that went into quarantine since an earlier set holds them leave the target: an infected file, or a secret scanned by
 * mistake, stays in no backup (design/house.md, "What never bends" 1). One that cannot be removed keeps no other from it; the first
 * such failure is thrown at the end.
 */
export async function purgeWithheld(target: BackupTarget, withheld: readonly string[]): Promise<void> {
  const failures: unknown[] = [];
  for (const pool of await listPools(target)) {
    if (!(await isRealFolder(join(target.root, pool)))) continue;
    for (const sha256 of withheld) {
      const path = pooledPath(target, pool, sha256);
      if (!(await isRealFolder(dirname(path)))) continue;
      await rm(path, { force: true }).catch((error: unknown) => failures.push(error));
    }
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Removes the oldest sets beyond `keep`, and what no set uses any more. The newest stays whatever `keep` says, and so does
 * every set that the present register does not go on from (another branch after a restore) or whose manifest cannot be read:
 * those are for a person to remove. Returns the names of the removed sets.
 *
 * @param continues heads of logs that the present register goes through
 */
export async function removeOldSets(
  target: BackupTarget,
  { keep, newest, continues }: { keep: number; newest: string; continues: ReadonlySet<string> },
): Promise<string[]> {
  const poolOf = new Map<string, string>();
  const candidates: { readonly name: string; readonly entries: number }[] = [];
  let unreadable = false;
  for (const name of await listSets(target)) {
    const read = await readManifest(target, name).catch(() => undefined);
    if (!read) {
      unreadable = true;
      continue;
    }
    poolOf.set(name, read.manifest.pool);
    const { head, entries } = read.manifest.audit;
    if (name !== newest && head !== null && continues.has(head)) candidates.push({ name, entries });
  }
  // The log tells which is older, whatever the clock said when it was made.
  const removed = candidates
    .toSorted((a, b) => b.entries - a.entries)
    .slice(Math.max(0, keep - 1))
    .map(({ name }) => name);
  for (const name of removed) {
    // Out of the list in one step: a set that is half removed must not look like a damaged one.
    const gone = join(target.sets, `${PART_PREFIX}${name}`);
    await nameFile(setPath(target, name), gone);
    failpoint('backup.set-dropped');
    await rm(gone, { recursive: true, force: true });
    poolOf.delete(name);
  }
  // A set that cannot be read may use anything.
  if (!unreadable) await removeUnused(target, poolOf);
  return removed;
}

/** Manifests are read once more, for those of years of daily sets do not fit into memory together. */
async function removeUnused(target: BackupTarget, poolOf: ReadonlyMap<string, string>): Promise<void> {
  for (const pool of await listPools(target)) {
    const users = [...poolOf].filter(([, used]) => used === pool).map(([name]) => name);
    if (users.length === 0) await rm(join(target.root, pool), { recursive: true, force: true });
    else await removeUnnamed(target, pool, await namesUsedBy(target, users));
  }
}

async function namesUsedBy(target: BackupTarget, sets: readonly string[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const name of sets) {
    const { manifest } = await readManifest(target, name);
    for (const { sha256 } of manifest.objects) names.add(sha256);
  }
  return names;
}

async function removeUnnamed(target: BackupTarget, pool: string, named: ReadonlySet<string>): Promise<void> {
  const root = join(target.root, pool);
  if (!(await isRealFolder(root))) return;
  for (const shelf of await readdir(root)) {
    const path = join(root, shelf);
    if (!(await isRealFolder(path))) continue;
    for (const name of await readdir(path).catch(() => [])) {
      if (!named.has(name)) await rm(join(path, name), { force: true });
    }
  }
}
