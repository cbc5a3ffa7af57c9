import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, mkdir, open, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { strictAssert } from '../shared/assert.ts';
import type { Clock } from '../shared/clock.ts';
import { systemClock, vietnamDate } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { hashFile, requireSpace, syncFolder } from '../shared/durable-fs.ts';
import { failpoint } from '../shared/failpoint.ts';
import { newId } from '../shared/ids.ts';
import { CLAIM_FOLDER } from './ignored-names.ts';

/** Folder under the claim folder for files that were taken in; nothing of ours ever deletes from it. */
const KEPT_FOLDER = 'da-nhan';
const CLAIM_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/u;
/** Beside a copied file: where it came from. No document that is taken in has a name with a dot at the start. */
const SOURCE_NOTE = '.nguon.json';
/** The note's name in copies of earlier versions. */
const EARLIER_NOTE = 'nguon.json';

/** What tells one file on a read-only share from another, so that it is not taken twice. */
const sourceIdentitySchema = z.object({
  path: z.string(),
  dev: z.number(),
  ino: z.number(),
  size: z.number(),
  mtimeMs: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SourceIdentity = z.infer<typeof sourceIdentitySchema>;

/** A file that is ours: out of the scanner's reach, not yet released. */
export interface ClaimedFile {
  readonly claimId: string;
  /** Where it lies now: `<root>/.an-thu/<claimId>/<originalName>` (or under the copy folder). */
  readonly path: string;
  readonly originalName: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  /** Set when the source could not be moved and still lies in the watched folder. */
  readonly copiedFrom: SourceIdentity | undefined;
}

/** Outcome of trying to claim: taken, or someone else was faster, or the writer still holds it. */
export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly file: ClaimedFile }
  | { readonly kind: 'gone' }
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'cannot-move'; readonly reason: string };

const CANNOT_MOVE = new Set(['EXDEV', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP']);
const BUSY = new Set(['EBUSY', 'ETXTBSY']);

function codeOf(thrown: unknown): string {
  return (
    (thrown as NodeJS.ErrnoException).code ?? (thrown instanceof Error ? thrown.message : String(thrown))
  );
}

export interface ClaimOwner {
  /**
   * Name of this installation. Computers that share a folder need one each, or the one would take the other's
   * claims for its own left-overs. Letters, digits and `-` only.
   */
  readonly owner?: string;
}

function claimsFolder(root: string, options: ClaimOwner): string {
  const { owner } = options;
  if (owner === undefined) return join(root, CLAIM_FOLDER);
  strictAssert(/^[\w-]{1,64}$/u.test(owner) && owner !== KEPT_FOLDER, 'owner is a plain name');
  return join(root, CLAIM_FOLDER, owner);
}

/**
 * Takes a settled file by renaming it into a fresh folder below `root`; of several claimers the rename decides.
 * Never copies and never deletes. Other errors than those of {@link ClaimOutcome} throw `intake.claim-failed`.
 */
export async function claimByRename(
  root: string,
  path: string,
  options: ClaimOwner = {},
): Promise<ClaimOutcome> {
  const claimId = newId();
  const originalName = basename(path);
  const claims = claimsFolder(root, options);
  const folder = join(claims, claimId);
  try {
    await ensureRealFolder(join(root, CLAIM_FOLDER));
    await ensureRealFolder(claims);
    await mkdir(folder, { mode: 0o700 });
  } catch (thrown) {
    return refusedMove(codeOf(thrown), originalName);
  }
  const target = join(folder, originalName);
  failpoint('intake.before-claim');
  try {
    await rename(path, target);
  } catch (thrown) {
    await rmdir(folder).catch(() => {});
    return refusedMove(codeOf(thrown), originalName);
  }
  failpoint('intake.after-claim');
  await syncFolder(folder);
  await syncFolder(claims);
  await syncFolder(dirname(path));
  const stats = await lstat(target);
  // A link put in the file's place at the last moment has been moved itself, and is not followed.
  if (!stats.isFile())
    throw new AnThuError('intake.claim-failed', { name: originalName, reason: 'not a file' });
  return { kind: 'claimed', file: claimedFile(target, claimId, stats, undefined) };
}

function refusedMove(code: string, name: string): ClaimOutcome {
  if (code === 'ENOENT') return { kind: 'gone' };
  if (BUSY.has(code)) return { kind: 'busy', reason: code };
  if (CANNOT_MOVE.has(code)) return { kind: 'cannot-move', reason: code };
  throw new AnThuError('intake.claim-failed', { name, reason: code });
}

/** A link in place of our folder would lead the files out of the share: then the folder cannot be used. */
async function ensureRealFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
    if (!(await lstat(path)).isDirectory())
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  }
}

/**
 * Takes a settled file from a folder that does not let it be moved: copies it below `copyFolder` with a note of
 * its source beside, and compares the copy with the source by SHA-256. The source stays.
 * Throws `intake.copy-differs`, `intake.claim-failed`, `store.disk-full`.
 */
export async function claimByCopy(copyFolder: string, path: string): Promise<ClaimOutcome> {
  const claimId = newId();
  const originalName = basename(path);
  const folder = join(copyFolder, claimId);
  const target = join(folder, originalName);
  try {
    const before = await lstat(path);
    await requireSpace(dirname(copyFolder), before.size);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const sha256 = await copyHashing(path, target);
    const after = await lstat(path);
    const same = after.size === before.size && after.mtimeMs === before.mtimeMs && after.ino === before.ino;
    if (!same || (await hashFile(target)).sha256 !== sha256)
      throw new AnThuError('intake.copy-differs', { name: originalName });
    const copiedFrom: SourceIdentity = {
      path,
      dev: before.dev,
      ino: before.ino,
      size: before.size,
      mtimeMs: before.mtimeMs,
      sha256,
    };
    failpoint('intake.claim-copied');
    await writeFile(join(folder, SOURCE_NOTE), JSON.stringify(copiedFrom), { flush: true });
    await syncFolder(folder);
    await syncFolder(copyFolder);
    failpoint('intake.after-claim');
    return { kind: 'claimed', file: claimedFile(target, claimId, await lstat(target), copiedFrom) };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    if (thrown instanceof AnThuError) throw thrown;
    if (codeOf(thrown) === 'ENOENT') return { kind: 'gone' };
    throw new AnThuError('intake.claim-failed', { name: originalName, reason: codeOf(thrown) });
  }
}

function claimedFile(
  path: string,
  claimId: string,
  stats: Stats,
  copiedFrom: SourceIdentity | undefined,
): ClaimedFile {
  return {
    claimId,
    path,
    originalName: basename(path),
    bytes: stats.size,
    mtimeMs: stats.mtimeMs,
    copiedFrom,
  };
}

async function copyHashing(from: string, to: string): Promise<string> {
  const hash = createHash('sha256');
  const target = await open(to, 'wx', 0o600);
  try {
    for await (const chunk of createReadStream(from) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      await target.writeFile(chunk);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}

/**
 * Files of a watched folder that were claimed and not released, oldest first: after a crash those that the store may
 * not know yet. The store tells by SHA-256 which ones it has. A link in place of one of our folders is not followed.
 */
export async function listClaimed(root: string, options: ClaimOwner = {}): Promise<ClaimedFile[]> {
  if (!(await isRealFolder(join(root, CLAIM_FOLDER)))) return [];
  return claimsIn(claimsFolder(root, options));
}

/** As {@link listClaimed}, of a copy folder ({@link claimByCopy}). */
export async function listCopied(copyFolder: string): Promise<ClaimedFile[]> {
  return claimsIn(copyFolder);
}

async function claimsIn(claims: string): Promise<ClaimedFile[]> {
  if (!(await isRealFolder(claims))) return [];
  const found: ClaimedFile[] = [];
  for (const claimId of await namesIn(claims)) {
    const folder = join(claims, claimId);
    if (!CLAIM_ID.test(claimId) || !(await isRealFolder(folder))) continue;
    const names = await namesIn(folder);
    const note = noteAmong(names);
    const copiedFrom = note === undefined ? undefined : await readSourceNote(folder);
    for (const name of names) {
      const path = join(folder, name);
      const stats = await lstat(path).catch(() => undefined);
      if (name !== note && stats?.isFile()) found.push(claimedFile(path, claimId, stats, copiedFrom));
    }
  }
  return found.sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
}

async function isRealFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Removes claim folders that a process left empty when it died just before its rename. */
export async function dropEmptyClaims(root: string, options: ClaimOwner = {}): Promise<void> {
  const claims = claimsFolder(root, options);
  for (const claimId of await namesIn(claims)) {
    // A folder that holds anything refuses to go.
    if (CLAIM_ID.test(claimId)) await rmdir(join(claims, claimId)).catch(() => undefined);
  }
}

/**
 * Clears a copy folder of copies that a dead process left unfinished: they have no note of their source yet, and
 * the source still lies in the watched folder. Call before {@link listClaimed}.
 */
export async function dropHalfCopies(copyFolder: string): Promise<void> {
  for (const claimId of await namesIn(copyFolder)) {
    if (!CLAIM_ID.test(claimId)) continue;
    const folder = join(copyFolder, claimId);
    if (!(await readSourceNote(folder))) await rm(folder, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(thrown))) return [];
    throw thrown;
  }
}

/** Which of the names in a claim's folder is the note; a file that is alone there is what was claimed. */
function noteAmong(names: readonly string[]): string | undefined {
  if (names.length < 2) return undefined;
  return [SOURCE_NOTE, EARLIER_NOTE].find((note) => names.includes(note));
}

async function readSourceNote(folder: string): Promise<SourceIdentity | undefined> {
  try {
    const note = noteAmong(await namesIn(folder));
    if (note === undefined) return undefined;
    return sourceIdentitySchema.parse(JSON.parse(await readFile(join(folder, note), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether the claimed file is still as it was at the claim: false when its writer went on writing after the rename. */
export async function claimedUnchanged(claimed: ClaimedFile): Promise<boolean> {
  const stats = await lstat(claimed.path);
  return stats.size === claimed.bytes && stats.mtimeMs === claimed.mtimeMs;
}

/**
 * Puts a claimed file aside once the store has it: its claim folder moves to `<keep>/<yyyy-MM-dd>/` (Vietnam's
 * date), by default `.an-thu/da-nhan` beside it. Nothing is deleted; doing it twice does no harm.
 * Returns the file's new path. Throws `intake.claim-failed`.
 */
export async function releaseClaimed(
  path: string,
  options: { readonly keep?: string; readonly clock?: Clock } = {},
): Promise<string> {
  const claimFolder = dirname(path);
  const keep = options.keep ?? join(dirname(claimFolder), KEPT_FOLDER);
  const day = join(keep, vietnamDate((options.clock ?? systemClock).now()));
  const target = join(day, basename(claimFolder));
  try {
    await mkdir(day, { recursive: true, mode: 0o700 });
    await rename(claimFolder, target);
    await syncFolder(day);
    await syncFolder(dirname(claimFolder));
  } catch (thrown) {
    const moved =
      codeOf(thrown) === 'ENOENT' && (await lstat(join(target, basename(path))).catch(() => undefined));
    if (!moved) throw new AnThuError('intake.claim-failed', { name: basename(path), reason: codeOf(thrown) });
  }
  failpoint('intake.after-release');
  return join(target, basename(path));
}
