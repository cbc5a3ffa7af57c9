import { randomBytes, randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, vietnamParts } from '../shared/clock.ts';
import { hashFile, syncForeignFolder } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { failpoint } from '../shared/failpoint.ts';
import { type DataFolder, lockForBackup } from '../store/data-folder.ts';
import { type BackupTarget, MANIFEST_FILE, PART_PREFIX, REGISTER_FILE, setPath } from './layout.ts';
import { type Manifest, manifestSchema, readManifest, sha256Of } from './manifest.ts';
import { choosePool, fillPool } from './pool.ts';
import { type CopyFacts, factsOfCopy } from './register-facts.ts';
import { purgeWithheld, removeOldSets } from './retention.ts';
import {
  beginTarget,
  listSets,
  lockTarget,
  openOwnTarget,
  openTarget,
  removeLeftovers,
  requireApart,
} from './target.ts';
import { asTargetError, compareFile, makeFolder, nameFile, writeFlushed } from './target-files.ts';
import { readTrustFiles } from './trust-files.ts';

export interface CreateOptions {
  readonly folder: DataFolder;
  readonly targetPath: string;
  /** Makes a copy of the register as it is now (`Database.snapshot`) and says where; it is removed at the end. */
  readonly snapshot: () => Promise<string>;
  readonly program: Manifest['program'];
  readonly clock: Clock;
  /** `as-due`: a full set for the first of each month, else only what is new (domain/vietnam.md §2.2). */
  readonly kind: 'as-due' | 'full';
  /** `new` makes the folder; `existing` refuses one that is not there, as when the drive is not plugged in. */
  readonly begin: 'existing' | 'new';
  /** Sets to keep, this one among them; all when undefined. */
  readonly keep?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface CreatedSet {
  readonly path: string;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly copied: { readonly files: number; readonly bytes: number };
  /** Sets that were removed for `keep`. */
  readonly removed: readonly string[];
  /** Why earlier sets, or files in quarantine by now, could not be cleared away; null when they were. */
  readonly untidied: string | null;
  /** Unfinished things of earlier tries that were cleared away. */
  readonly leftovers: number;
  readonly auditOk: boolean;
  /** False when the newest set there is of a register that this one does not go on from, as after restoring an older set. */
  readonly continuesNewest: boolean;
  /** The target lies on the disk of the data: it does not outlive that disk. */
  readonly sameDisk: boolean;
}

/**
 * Makes one backup set. Stored files that the target has are not copied again; the register is copied at one moment while
 * whoever works on it goes on. The set gets its name when it is whole and flushed; until then earlier sets are untouched.
 * Fails with `backup.no-target`, `…other-agency`, `…target-not-empty`, `…inside-data`, `…target-busy`, `…target-full`, `…target-failed`,
 * `store.busy` while another backup runs, and `store.damaged` for a register that should rather be restored.
 */
export async function createSet(options: CreateOptions): Promise<CreatedSet> {
  const { folder, targetPath } = options;
  await requireApart(targetPath, folder.root);
  // Told before the register is copied.
  if (options.begin === 'existing') await openTarget(targetPath);
  const lock = lockForBackup(folder);
  let copy: string | undefined;
  try {
    copy = await options.snapshot();
    return await makeSet(options, copy);
  } finally {
    // Where it cannot be removed, the next backup does it; the set that was made counts.
    if (copy !== undefined) await rm(copy, { force: true }).catch(() => undefined);
    lock.release();
  }
}

interface EarlierSet {
  readonly name: string;
  readonly head: string | null;
}

async function makeSet(options: CreateOptions, copy: string): Promise<CreatedSet> {
  const { folder, clock, targetPath } = options;
  failpoint('backup.register-copied');
  const earlier = await earlierSets(targetPath);
  const facts = await factsOfCopy(
    copy,
    earlier.flatMap(({ head }) => head ?? []),
  );
  // A damaged register must not push out the sets of a sound one.
  if (facts.problems.length > 0) throw new AnThuError('store.damaged', { reason: facts.problems[0] });
  const { agency } = facts;
  const target =
    options.begin === 'new'
      ? await beginTarget(targetPath, agency)
      : await openOwnTarget(targetPath, agency.id);
  const lock = lockTarget(target);
  const now = clock.now();
  const name = nameOf(now);
  try {
    await makeFolder(target.sets);
    const leftovers = await removeLeftovers(target);
    const registerFile = await hashFile(copy);
    const pool = await choosePool(target, name, options.kind);
    const filled = await fillPool({
      target,
      pool: pool.name,
      folder,
      objects: facts.objects,
      besides: registerFile.bytes + MANIFEST_ROOM + facts.objects.length * ENTRY_ROOM,
      onProgress: options.onProgress,
    });
    failpoint('backup.objects-copied');
    const manifest = manifestSchema.parse({
      format: 'an-thu-backup-1',
      name,
      createdAt: now.toISOString(),
      kind: pool.fresh ? 'full' : 'incremental',
      program: options.program,
      schemaVersion: facts.schemaVersion,
      agency,
      register: registerFile,
      audit: { entries: facts.audit.entries, head: facts.audit.head },
      counts: facts.counts,
      registers: [...facts.registers],
      lastNumbers: [...facts.lastNumbers],
      trust: await readTrustFiles(folder),
      pool: pool.name,
      objects: filled.objects,
      missing: filled.missing,
      withheld: filled.withheld,
    } satisfies Manifest);
    const sameDisk = (await stat(target.root)).dev === (await stat(folder.root)).dev;
    const manifestSha256 = await publish(target, manifest, copy);
    const { removed, untidied } = await tidy(target, options, manifest, facts);
    const [newest] = earlier;
    return {
      path: setPath(target, name),
      manifest,
      manifestSha256,
      copied: filled.copied,
      removed,
      untidied,
      leftovers,
      auditOk: facts.audit.ok,
      continuesNewest: !newest?.head || facts.continues.has(newest.head),
      sameDisk,
    };
  } catch (error) {
    await removeLeftovers(target).catch(() => 0);
    throw asTargetError(error, target.root);
  } finally {
    lock.release();
  }
}

/** Beside the register: the manifest and some names; and what each stored file takes in the manifest. */
const MANIFEST_ROOM = 1024 * 1024;
const ENTRY_ROOM = 128;

/** Writes the set under another name, flushes it, and names it. Returns the SHA-256 of its manifest. */
async function publish(target: BackupTarget, manifest: Manifest, copy: string): Promise<string> {
  const part = join(target.sets, `${PART_PREFIX}${randomUUID()}`);
  await makeFolder(part);
  const state = await compareFile(copy, manifest.register, join(part, REGISTER_FILE));
  if (state !== 'intact') throw new AnThuError('store.damaged', { reason: `register copy: ${state}` });
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFlushed(join(part, MANIFEST_FILE), text);
  await syncForeignFolder(part);
  failpoint('backup.set-written');
  await nameFile(part, setPath(target, manifest.name));
  await syncForeignFolder(target.sets);
  failpoint('backup.set-named');
  return sha256Of(text);
}

/**
 * What may go now that the new set is there and whole: what cannot be cleared away is told beside it, and keeps nothing else from going.
 * A set that misses files pushes out none.
 */
async function tidy(
  target: BackupTarget,
  { keep }: CreateOptions,
  manifest: Manifest,
  facts: CopyFacts,
): Promise<{ removed: readonly string[]; untidied: string | null }> {
  const reasons: string[] = [];
  const note = (error: unknown) => void reasons.push((error as NodeJS.ErrnoException).code ?? String(error));
  await purgeWithheld(target, manifest.withheld).catch(note);
  let removed: readonly string[] = [];
  if (keep !== undefined && manifest.missing.length === 0 && facts.audit.ok) {
    const { continues } = facts;
    removed = await removeOldSets(target, { keep, newest: manifest.name, continues }).catch(
      (error: unknown) => (note(error), []),
    );
  }
  return { removed, untidied: reasons[0] ?? null };
}

/** Sets that can be read, newest first; none where there is no target yet. */
async function earlierSets(path: string): Promise<EarlierSet[]> {
  const opened = await openTarget(path).catch(() => undefined);
  if (!opened) return [];
  const sets: EarlierSet[] = [];
  for (const name of await listSets(opened.target).catch(() => [])) {
    const read = await readManifest(opened.target, name).catch(() => undefined);
    if (read) sets.push({ name, head: read.manifest.audit.head });
  }
  return sets;
}

/** The moment in Vietnam, with digits that keep two of the same second apart. */
function nameOf(now: Date): string {
  const { year, month, day, hour, minute, second } = vietnamParts(now);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}${two(month)}${two(day)}-${two(hour)}${two(minute)}${two(second)}-${randomBytes(2).toString('hex')}`;
}
