import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AuditLog } from '../audit/audit-log.ts';
import { settingsSchema } from '../contract/system.ts';
import { recordGap } from '../register/number-gaps.ts';
import type { Clock } from '../shared/clock.ts';
import {
  asWriteError,
  renameDurably,
  requireSpace,
  syncFile,
  syncFolder,
  unlinkIfThere,
  writeFileDurably,
} from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { failpoint } from '../shared/failpoint.ts';
import {
  type DataFolder,
  isFree,
  isHalfRestored,
  lockDataFolder,
  mayHaveData,
  prepareDataFolder,
  restoringMarker,
} from '../store/data-folder.ts';
import { Database } from '../store/database.ts';
import { schemaVersion } from '../store/migrate.ts';
import { ObjectStore } from '../store/object-store.ts';
import { compareVersions } from '../updates/version-number.ts';
import { writeVersionRecord } from '../updates/version-record.ts';
import { type LastNumber, lastNumbersSince, type StatedNumber } from './last-numbers.ts';
import { type BackupTarget, pooledPath, REGISTER_FILE, setPath } from './layout.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { newestSet } from './newest-set.ts';
import { listSets, openTarget, requireApart } from './target.ts';
import { compareFile } from './target-files.ts';
import { writeTrustFiles } from './trust-files.ts';
import { type SetProblem, type SetVerdict, verifySet, withheldIn } from './verify-set.ts';

export interface RestoreOptions {
  readonly targetPath: string;
  /** The newest when left out. */
  readonly name?: string | undefined;
  /** A data folder that is not there yet, or empty. */
  readonly folder: DataFolder;
  readonly lastNumbers: readonly StatedNumber[];
  /** Of the office's account at the province; no backup holds it. */
  readonly serverSecret?: string | undefined;
  /** SHA-256 of the manifest, as noted when the set was made. */
  readonly noted?: string | undefined;
  /** What to do when stored files are damaged though the register is whole. */
  readonly damagedFiles: 'refuse' | 'leave-out';
  /** Version of the running program. */
  readonly version: string;
  readonly actor: string;
  readonly clock: Clock;
  readonly onProgress?: ((step: 'verify' | 'copy', done: number, total: number) => void) | undefined;
}

export interface RestoredSet {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly files: number;
  /** Stored files that are not there: damaged in the set, or missing when it was made. */
  readonly absent: readonly string[];
  /** Files in quarantine, then or since: they are in no backup. */
  readonly withheld: readonly string[];
  readonly gaps: readonly { registerId: string; year: number; first: number; last: number }[];
  readonly audit: { readonly entries: number; readonly head: string | null };
  readonly settings: RestoredSettings;
}

/** Settings that name files and machines: on another computer they may be elsewhere, and whoever altered a set may have chosen them. */
export interface RestoredSettings {
  readonly modules: readonly string[];
  readonly watchedFolders: readonly string[];
  readonly serverUrl: string | null;
  readonly tsaUrl: string | null;
}

/**
 * Brings a set back into a new data folder. The set is read and judged first, every file is compared on its way, and the
 * register gets its name last, so that a folder that was not finished is no office's data and the next try begins anew.
 * Numbers given since the backup are recorded as gaps and the restore itself in the log. Fails with `backup.no-target`,
 * `…no-set`, `…damaged`, `…not-the-noted`, `…last-number-needed`, `…last-number-wrong`, `…folder-not-empty`, `store.busy`,
 * `store.newer-version`, `update.older-program` and what the disk says.
 */
export async function restoreSet(options: RestoreOptions): Promise<RestoredSet> {
  const { folder, clock } = options;
  const { target } = await openTarget(options.targetPath);
  await requireApart(options.targetPath, folder.root);
  await refuseData(folder);
  const name = options.name ?? (await newestSet(target));
  const { manifest, sha256 } = await readNamed(target, name);
  if (options.noted !== undefined && options.noted !== sha256)
    throw new AnThuError('backup.not-the-noted', { name, found: sha256, noted: options.noted });
  requireReadable(manifest, options.version);
  const lastNumbers = lastNumbersSince(manifest, options.lastNumbers, clock.now());
  const purged = await withheldIn(target);
  const verdict = await verifySet(target, name, {
    withheld: purged,
    seen: new Map(),
    onProgress: (done, total) => options.onProgress?.('verify', done, total),
  });
  const leftOut = refuseDamage(verdict, options.damagedFiles);
  // An engine or another restore on this folder holds the lock; the marker says what may be cleared away.
  await mkdir(folder.root, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw asWriteError(error, folder.root);
  });
  const lock = lockDataFolder(folder);
  try {
    await refuseData(folder);
    await writeFileDurably(restoringMarker(folder), `${JSON.stringify({ set: name })}\n`);
    await clearHalfRestored(folder);
    await prepareDataFolder(folder);
    await requireSpace(
      folder.root,
      manifest.register.bytes + manifest.objects.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    const restored = await fill(target, manifest, { leftOut, purged }, options);
    const done = await nameRegister({ manifest, manifestSha256: sha256, lastNumbers, ...restored }, options);
    await unlinkIfThere(restoringMarker(folder));
    return done;
  } finally {
    lock.release();
  }
}

async function readNamed(target: BackupTarget, name: string) {
  if (!(await listSets(target)).includes(name))
    throw new AnThuError('backup.no-set', { name, path: target.root });
  return await readManifest(target, name);
}

function requireReadable(manifest: Manifest, version: string): void {
  if (manifest.schemaVersion > schemaVersion)
    throw new AnThuError('store.newer-version', { found: manifest.schemaVersion, known: schemaVersion });
  const { highest } = manifest.program;
  if (compareVersions(version, highest) < 0)
    throw new AnThuError('update.older-program', { version, highest });
}

/** Nothing is ever restored over something. The lock may have been left there by a try that ended at once. */
async function refuseData(folder: DataFolder): Promise<void> {
  const isNew = (await isHalfRestored(folder)) || (await isFree(folder, 'engine.lock'));
  if (isNew && !(await mayHaveData(folder))) return;
  throw new AnThuError('backup.folder-not-empty', { path: folder.root });
}

/** Names of the stored files to leave out; none unless that was asked for. */
function refuseDamage(
  { name, ok, problems }: SetVerdict,
  damagedFiles: RestoreOptions['damagedFiles'],
): ReadonlySet<string> {
  if (ok) return new Set();
  const onlyFiles = problems.every(
    ({ part, problem }: SetProblem) => part === 'object' && problem !== 'not-listed',
  );
  if (damagedFiles === 'refuse' || !onlyFiles)
    throw new AnThuError('backup.damaged', {
      name,
      problems: problems.length,
      first: problems[0]?.name ?? '',
    });
  return new Set(problems.map((problem) => problem.name));
}

async function clearHalfRestored(folder: DataFolder): Promise<void> {
  for (const path of [folder.objects, folder.quarantine, dirname(folder.anchors)])
    await rm(path, { recursive: true, force: true });
  for (const suffix of ['', '-wal', '-shm', '-journal'])
    await rm(`${partOf(folder)}${suffix}`, { force: true });
}

const partOf = (folder: DataFolder): string => `${folder.database}.part`;

/** Copies everything but the register's name. */
async function fill(
  target: BackupTarget,
  manifest: Manifest,
  { leftOut, purged }: { readonly leftOut: ReadonlySet<string>; readonly purged: ReadonlySet<string> },
  { folder, serverSecret, onProgress }: RestoreOptions,
): Promise<{ files: number; absent: string[]; withheld: string[] }> {
  const withheld = [...manifest.withheld];
  const objects = new ObjectStore(folder);
  const shelves = new Set<string>();
  let files = 0;
  try {
    for (const [done, object] of manifest.objects.entries()) {
      const to = objects.path(object.sha256);
      if (!leftOut.has(object.sha256)) {
        if (await bring(target, manifest, object, { to, purged })) {
          shelves.add(dirname(to));
          files++;
        } else withheld.push(object.sha256);
      }
      onProgress?.('copy', done + 1, manifest.objects.length);
    }
    for (const shelf of shelves) await syncFolder(shelf);
    await syncFolder(folder.objects);
    await writeTrustFiles(folder, manifest);
    if (serverSecret !== undefined) await writeFileDurably(folder.serverSecret, serverSecret);
    const { version, highest } = manifest.program;
    await writeVersionRecord(folder, { format: 1, highest, lastStarted: version, backups: [] });
    const state = await compareFile(
      join(setPath(target, manifest.name), REGISTER_FILE),
      manifest.register,
      partOf(folder),
    );
    if (state !== 'intact')
      throw new AnThuError('backup.damaged', { name: manifest.name, problems: 1, first: REGISTER_FILE });
    const absent = [...new Set([...manifest.missing, ...leftOut])].toSorted();
    return { files, absent, withheld: withheld.toSorted() };
  } catch (error) {
    throw asWriteError(error, folder.root);
  }
}

/** One stored file, compared on its way and read again where it came to lie; false for one in quarantine since, which the set has no more. */
async function bring(
  target: BackupTarget,
  manifest: Manifest,
  object: Manifest['objects'][number],
  { to, purged }: { readonly to: string; readonly purged: ReadonlySet<string> },
): Promise<boolean> {
  const { sha256 } = object;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const state = await compareFile(pooledPath(target, manifest.pool, sha256), object, to);
  // Another backup may have purged it just now; any other that was verified a moment ago and is gone is a drive that fails.
  if (state === 'missing' && (purged.has(sha256) || (await withheldIn(target)).has(sha256))) return false;
  const landed = state === 'intact' ? await compareFile(to, object) : state;
  if (landed !== 'intact')
    throw new AnThuError('backup.damaged', { name: manifest.name, problems: 1, first: sha256 });
  await chmod(to, 0o400);
  return true;
}

const settingsShape = settingsSchema.shape;
const namedThingsSchema = z.object({
  watchedFolders: settingsShape.watchedFolders.default([]),
  signing: settingsShape.signing.pick({ modules: true, tsaUrl: true }).partial().default({}),
  sync: settingsShape.sync.pick({ serverUrl: true }).partial().default({}),
});

function namedThings(database: Database): RestoredSettings {
  const row = database.get(
    z.object({ value: z.string() }),
    "SELECT value FROM setting WHERE key = 'settings'",
  );
  const { watchedFolders, signing, sync } = namedThingsSchema.parse(JSON.parse(row?.value ?? '{}'));
  return {
    modules: signing.modules ?? [],
    watchedFolders: watchedFolders.map(({ path }) => path),
    serverUrl: sync.serverUrl ?? null,
    tsaUrl: signing.tsaUrl ?? null,
  };
}

/** Writes down in the copy what restoring it means, checks it once more, and makes it the register. */
async function nameRegister(
  found: {
    manifest: Manifest;
    manifestSha256: string;
    lastNumbers: readonly LastNumber[];
    files: number;
    absent: readonly string[];
    withheld: readonly string[];
  },
  { folder, actor, clock }: RestoreOptions,
): Promise<RestoredSet> {
  const { manifest, manifestSha256, lastNumbers, files, absent, withheld } = found;
  const part = partOf(folder);
  const database = Database.open(part);
  let gaps: RestoredSet['gaps'];
  let audit;
  let settings: RestoredSettings;
  try {
    const log = new AuditLog(database, clock);
    gaps = database.transaction(() => {
      const now = clock.now();
      log.append({
        actor,
        action: 'register.restored',
        subject: 'register',
        data: {
          set: manifest.name,
          createdAt: manifest.createdAt,
          manifestSha256,
          auditHead: manifest.audit.head,
          lastNumbers: lastNumbers.map((one) => ({ ...one })),
          absent: absent.length,
          withheld: withheld.length,
        },
      });
      return lastNumbers.flatMap(({ registerId, year, stated }) => {
        const reason = `phục hồi từ bộ sao lưu ${manifest.name}`;
        const gap = recordGap(database, log, { registerId, year, last: stated, reason }, { actor, now });
        return gap ? [{ registerId, year, ...gap }] : [];
      });
    });
    settings = namedThings(database);
    const problems = database.problems();
    audit = await log.verify(manifest.audit.head ?? undefined);
    if (problems.length > 0 || !audit.ok)
      throw new AnThuError('store.damaged', { reason: problems[0] ?? `audit ${audit.brokenAt ?? ''}` });
  } catch (error) {
    database.close();
    throw error;
  }
  database.closeIntoOneFile();
  await syncFile(part);
  failpoint('backup.restored-unnamed');
  await renameDurably(part, folder.database);
  return {
    manifest,
    manifestSha256,
    files,
    absent,
    withheld,
    gaps,
    audit: { entries: audit.entries, head: audit.head },
    settings,
  };
}
