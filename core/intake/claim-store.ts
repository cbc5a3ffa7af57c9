import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, mkdir, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { strictAssert } from '../shared/assert.ts';
import type { Clock } from '../shared/clock.ts';
import { systemClock, vietnamDate } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { hashFile, requireSpace, syncFolder, syncForeignFolder } from '../shared/durable-fs.ts';
import { failpoint } from '../shared/failpoint.ts';
import { newId } from '../shared/ids.ts';
import {
  CLAIM_ID,
  ensureOwnFolder,
  isRealFolder,
  KEPT_FOLDER,
  namesIn,
  ownClaims,
  readSmallFile,
} from './claim-folders.ts';
import { CLAIM_FOLDER, isIgnoredName } from './ignored-names.ts';

/** Beside a copied file: where it came from. No document that is taken in has a name with a dot at the start. */
const SOURCE_NOTE = '.nguon.json';
/** A path of 4096 bytes, each escaped, and a few numbers. */
const MAX_NOTE_BYTES = 64 * 1024;
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
  /** Where it lies now: `<root>/.an-thu/<owner>/<claimId>/<originalName>` (or under the copy folder). */
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

/**
 * Takes a settled file by renaming it into a fresh folder of `owner` below `root` (see claim-folders.ts); of several
 * claimers the rename decides. Never copies and never deletes. Other errors than those of {@link ClaimOutcome} throw
 * `intake.claim-failed`; where the file was moved all the same, {@link listClaimed} finds it.
 */
export async function claimByRename(root: string, path: string, owner: string): Promise<ClaimOutcome> {
  const claimId = newId();
  const originalName = basename(path);
  const claims = ownClaims(root, owner);
  const folder = join(claims, claimId);
  try {
    await ensureOwnFolder(root, owner);
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
  try {
    await syncForeignFolder(folder);
    await syncForeignFolder(claims);
    await syncForeignFolder(dirname(path));
    const stats = await lstat(target);
    // A link put in the file's place at the last moment has been moved itself, and is not followed.
    if (!stats.isFile()) throw new Error('not a file');
    return { kind: 'claimed', file: claimedFile(target, claimId, stats, undefined) };
  } catch (thrown) {
    throw new AnThuError('intake.claim-failed', { name: originalName, reason: codeOf(thrown) });
  }
}

function refusedMove(code: string, name: string): ClaimOutcome {
  if (code === 'ENOENT') return { kind: 'gone' };
  if (BUSY.has(code)) return { kind: 'busy', reason: code };
  if (CANNOT_MOVE.has(code)) return { kind: 'cannot-move', reason: code };
  throw new AnThuError('intake.claim-failed', { name, reason: code });
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
 * Files of a watched folder that `owner` claimed and did not release, oldest first: after a crash those that the store
 * may not know yet. A link in place of one of our folders is not followed.
 */
export async function listClaimed(root: string, owner: string): Promise<ClaimedFile[]> {
  if (!(await isRealFolder(join(root, CLAIM_FOLDER)))) return [];
  return claimsIn(ownClaims(root, owner));
}

/** As {@link listClaimed}, of claims without an owner, as versions before owners made them: nobody can tell whose they are. */
export async function listUnowned(root: string): Promise<ClaimedFile[]> {
  return claimsIn(join(root, CLAIM_FOLDER));
}

/** As {@link listClaimed}, of a copy folder ({@link claimByCopy}). */
export async function listCopied(copyFolder: string): Promise<ClaimedFile[]> {
  return claimsIn(copyFolder);
}

/** Files of the claims in a folder, but for what a system leaves wherever somebody looks (`Thumbs.db`, `._a.pdf`). */
export async function claimsIn(claims: string): Promise<ClaimedFile[]> {
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
      if (name !== note && !isIgnoredName(name) && stats?.isFile())
        found.push(claimedFile(path, claimId, stats, copiedFrom));
    }
  }
  return found.sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
}

/** Makes a claim durable that {@link claimByRename} did not come to. Throws `intake.claim-failed`. */
export async function syncClaim({ path, originalName }: ClaimedFile): Promise<void> {
  try {
    await syncForeignFolder(dirname(path));
    await syncForeignFolder(dirname(dirname(path)));
  } catch (thrown) {
    throw new AnThuError('intake.claim-failed', { name: originalName, reason: codeOf(thrown) });
  }
}

/** Removes claim folders that a process left empty when it died just before its rename. */
export async function dropEmptyClaims(root: string, owner: string): Promise<void> {
  const claims = ownClaims(root, owner);
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

/** Removes a copy of what was taken before; its source still lies in the watched folder. */
export async function dropCopy({ path, copiedFrom }: ClaimedFile): Promise<void> {
  strictAssert(copiedFrom !== undefined, 'only copies are removed');
  await rm(dirname(path), { recursive: true, force: true });
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
    return sourceIdentitySchema.parse(JSON.parse(await readSmallFile(join(folder, note), MAX_NOTE_BYTES)));
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
 * date), by default `da-nhan` beside it. Nothing is deleted; doing it twice does no harm, nor does a claim folder that
 * somebody removed. Returns the file's new path. Throws `intake.claim-failed`.
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
    if (await isRealFolder(claimFolder)) {
      await mkdir(day, { recursive: true, mode: 0o700 });
      await rename(claimFolder, target);
      await syncForeignFolder(day);
      await syncForeignFolder(dirname(claimFolder));
    }
  } catch (thrown) {
    throw new AnThuError('intake.claim-failed', { name: basename(path), reason: codeOf(thrown) });
  }
  failpoint('intake.after-release');
  return join(target, basename(path));
}
