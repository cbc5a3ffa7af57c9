import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { asAnThuError } from '../shared/errors.ts';
import { type BackupTarget, pooledPath, REGISTER_FILE, setPath } from './layout.ts';
import { type Manifest, type ReadManifest, readManifest } from './manifest.ts';
import { type CopyFacts, factsOfCopy } from './register-facts.ts';
import { listSets, openTarget } from './target.ts';
import { compareFile, type FileState } from './target-files.ts';
import { damagedTrustFiles } from './trust-files.ts';

/** Something of a set that is not as it was written. */
export interface SetProblem {
  /** `object`: one stored file; the rest of the set can be used without it. */
  readonly part: 'manifest' | 'register' | 'audit' | 'trust' | 'object';
  /** A file's name, or what SQLite says. */
  readonly name: string;
  /** `newer`: made by a newer version, which alone can judge it. */
  readonly problem: Exclude<FileState, 'intact'> | 'broken' | 'not-listed' | 'newer';
}

export interface SetVerdict {
  readonly name: string;
  readonly ok: boolean;
  readonly manifest: Manifest | null;
  readonly manifestSha256: string | null;
  readonly problems: readonly SetProblem[];
  /** Files that a later set says are in quarantine: they were taken out of this one. */
  readonly purged: number;
}

/** What several sets of a target share while they are looked at. */
export interface VerifyOptions {
  /** Files that later sets withhold ({@link withheldIn}). */
  readonly withheld: ReadonlySet<string>;
  /** States of files already read, by pool and name; files that sets share are read once. */
  readonly seen: Map<string, FileState>;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Reads a whole set: the register against its hash, its integrity, its log, what it names against what the manifest lists, and every
 * stored file against its name. Never throws for damage.
 */
export async function verifySet(
  target: BackupTarget,
  name: string,
  options: VerifyOptions,
): Promise<SetVerdict> {
  let read: ReadManifest;
  try {
    read = await readManifest(target, name);
  } catch (thrown) {
    const error = asAnThuError(thrown);
    const newer = error.code === 'backup.newer-format';
    const reason = String(error.detail[newer ? 'format' : 'reason'] ?? error.code);
    const problems: SetProblem[] = [{ part: 'manifest', name: reason, problem: newer ? 'newer' : 'broken' }];
    return { name, ok: false, manifest: null, manifestSha256: null, problems, purged: 0 };
  }
  const { manifest } = read;
  const problems: SetProblem[] = damagedTrustFiles(manifest).map((file) => ({
    part: 'trust',
    name: file,
    problem: 'changed',
  }));
  const { marker } = await openTarget(target.root);
  if (manifest.agency.id !== marker.agencyId)
    problems.push({ part: 'manifest', name: 'agency', problem: 'broken' });
  const path = join(setPath(target, name), REGISTER_FILE);
  const state = await compareFile(path, manifest.register);
  if (state === 'intact') problems.push(...(await problemsOfRegister(path, manifest)));
  else problems.push({ part: 'register', name: REGISTER_FILE, problem: state });
  const objects = await problemsOfObjects(target, manifest, options);
  problems.push(...objects.problems);
  return {
    name,
    ok: problems.length === 0,
    manifest,
    manifestSha256: read.sha256,
    problems,
    purged: objects.purged,
  };
}

/** Hashes that any set of the target withholds, being in quarantine by then. */
export async function withheldIn(target: BackupTarget): Promise<Set<string>> {
  const withheld = new Set<string>();
  for (const name of await listSets(target)) {
    const read = await readManifest(target, name).catch(() => undefined);
    for (const sha256 of read?.manifest.withheld ?? []) withheld.add(sha256);
  }
  return withheld;
}

async function problemsOfRegister(path: string, manifest: Manifest): Promise<SetProblem[]> {
  let facts: CopyFacts;
  try {
    facts = await factsOfCopy(path);
  } catch (thrown) {
    const error = asAnThuError(thrown);
    if (error.code === 'store.newer-version')
      return [{ part: 'register', name: String(error.detail['found']), problem: 'newer' }];
    return [{ part: 'register', name: String(error.detail['reason'] ?? error.code), problem: 'broken' }];
  }
  const broken = (part: 'register' | 'audit', name: string): SetProblem => ({
    part,
    name,
    problem: 'broken',
  });
  const problems = facts.problems.map((line) => broken('register', line));
  if (facts.schemaVersion !== manifest.schemaVersion) problems.push(broken('register', 'schema version'));
  if (facts.agency.id !== manifest.agency.id) problems.push(broken('register', 'agency'));
  if (!isDeepStrictEqual(facts.registers, manifest.registers)) problems.push(broken('register', 'registers'));
  if (!isDeepStrictEqual(facts.counts, manifest.counts)) problems.push(broken('register', 'counts'));
  if (!isDeepStrictEqual(facts.lastNumbers, manifest.lastNumbers))
    problems.push(broken('register', 'last numbers'));
  if (facts.audit.brokenAt !== null) problems.push(broken('audit', String(facts.audit.brokenAt)));
  else if (facts.audit.head !== manifest.audit.head) problems.push(broken('audit', 'head'));
  return [...problems, ...unlisted(facts, manifest)];
}

/** What the register names must be in the set, or be said to be none of it. */
function unlisted(facts: CopyFacts, manifest: Manifest): SetProblem[] {
  const listed = new Map(manifest.objects.map(({ sha256, bytes }) => [sha256, bytes]));
  const said = new Set([...manifest.missing, ...manifest.withheld]);
  return facts.objects
    .filter(({ sha256, bytes }) => listed.get(sha256) !== bytes && !said.has(sha256))
    .map(({ sha256 }) => ({ part: 'object', name: sha256, problem: 'not-listed' }));
}

async function problemsOfObjects(
  target: BackupTarget,
  manifest: Manifest,
  { withheld, seen, onProgress }: VerifyOptions,
): Promise<{ problems: SetProblem[]; purged: number }> {
  const problems: SetProblem[] = manifest.missing.map((name) => ({
    part: 'object',
    name,
    problem: 'missing',
  }));
  let purged = 0;
  for (const [done, object] of manifest.objects.entries()) {
    const key = `${manifest.pool}/${object.sha256}`;
    const state =
      seen.get(key) ?? (await compareFile(pooledPath(target, manifest.pool, object.sha256), object));
    seen.set(key, state);
    if (state === 'missing' && withheld.has(object.sha256)) purged++;
    else if (state !== 'intact') problems.push({ part: 'object', name: object.sha256, problem: state });
    onProgress?.(done + 1, manifest.objects.length);
  }
  return { problems, purged };
}
