import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { AnThuError, asAnThuError } from '../shared/errors.ts';
import { displayName } from '../shared/file-names.ts';
import { reason } from '../shared/reasons.ts';
import type { Candidate } from './candidate.ts';
import { type ClaimedFile, syncClaim } from './claim-store.ts';
import { probeCompleteness } from './completeness.ts';
import type { CandidateStage, WatchFolderOptions } from './watched-folder.ts';

/** Between two tries to hand over a claimed file. */
const OFFER_AGAIN_MS = 5_000;

type Tell = (candidate: Candidate, stage: CandidateStage, bytes: number, error?: AnThuError) => void;

/** Hands claimed files over to `onClaimed`; one that it was not content with stays ours and is offered again. */
export class ClaimHandover {
  readonly #options: Pick<WatchFolderOptions, 'clock' | 'onClaimed' | 'taken'>;
  readonly #tell: Tell;
  readonly #undelivered = new Map<string, { candidate: Candidate; file: ClaimedFile }>();
  /** Claims that were accepted and may not be put aside yet. */
  readonly #delivered = new Set<string>();
  /** Claims that were found again, told as failed and not offered yet. */
  readonly #stuck = new Map<string, Candidate>();
  /** Monotonic time of the next try. */
  #nextAt = 0;

  constructor(options: Pick<WatchFolderOptions, 'clock' | 'onClaimed' | 'taken'>, tell: Tell) {
    this.#options = options;
    this.#tell = tell;
  }

  get isDone(): boolean {
    return this.#undelivered.size === 0;
  }

  /** Never fails: what goes wrong is told of the candidate. */
  async offer(candidate: Candidate, file: ClaimedFile): Promise<void> {
    this.#undelivered.set(file.path, { candidate, file });
    await this.#deliver(candidate, file);
  }

  /** Those of our claims that were not offered yet. */
  unknownOf(files: readonly ClaimedFile[]): ClaimedFile[] {
    const there = new Set(files.map(({ path }) => path));
    for (const path of this.#delivered) if (!there.has(path)) this.#delivered.delete(path);
    for (const [path, candidate] of this.#stuck) if (!there.has(path)) this.#letGo(path, candidate);
    return files.filter(({ path }) => !this.#delivered.has(path) && !this.#undelivered.has(path));
  }

  /**
   * Takes up a claim that was found again. One with several files is told and left: a claim is one file to the register, and
   * the others would count as registered.
   */
  async recover(found: Candidate, file: ClaimedFile, all: readonly ClaimedFile[]): Promise<void> {
    // The one of which it was told, so that the same is not told anew and its end is.
    const candidate = this.#stuck.get(file.path) ?? found;
    try {
      if (all.some(({ claimId, path }) => claimId === file.claimId && path !== file.path))
        throw new AnThuError('intake.claim-failed', {
          name: displayName(file.originalName),
          reason: reason('claim.several-files'),
        });
      await syncClaim(file);
    } catch (thrown) {
      this.#stuck.set(file.path, candidate);
      return this.#tell(candidate, 'failed', file.bytes, asAnThuError(thrown));
    }
    this.#stuck.delete(file.path);
    await this.offer(candidate, file);
  }

  /** Offers nothing any more of what was not accepted, and tells nothing of it: it is another's. */
  forget(): void {
    for (const [path, candidate] of this.#stuck) this.#letGo(path, candidate);
    for (const { candidate } of this.#undelivered.values())
      if (candidate.stage === 'failed') this.#tell(candidate, 'gone', 0);
    this.#undelivered.clear();
  }

  #letGo(path: string, candidate: Candidate): void {
    this.#stuck.delete(path);
    this.#tell(candidate, 'gone', 0);
  }

  /** Makes the next {@link offerAgain} try at once. */
  hurry(): void {
    this.#nextAt = 0;
  }

  /** Offers what was not accepted, when it is time. */
  async offerAgain(): Promise<void> {
    if (this.isDone || this.#options.clock.monotonic() < this.#nextAt) return;
    for (const { candidate, file } of this.#undelivered.values()) await this.#deliver(candidate, file);
  }

  async #deliver(candidate: Candidate, claimed: ClaimedFile): Promise<void> {
    try {
      const file = await lookAgain(claimed);
      await this.#options.onClaimed(file);
      if (file.copiedFrom) await this.#options.taken?.remember(file.copiedFrom);
      this.#undelivered.delete(file.path);
      this.#delivered.add(file.path);
      if (candidate.stage === 'failed') this.#tell(candidate, 'claimed', file.bytes);
    } catch (thrown) {
      if (await isGone(claimed.path)) {
        // Somebody removed it, or the share is away: when it is there again, it is found among our claims.
        this.#undelivered.delete(claimed.path);
        this.#tell(candidate, 'gone', 0);
        return;
      }
      this.#nextAt = this.#options.clock.monotonic() + OFFER_AGAIN_MS;
      this.#tell(candidate, 'failed', claimed.bytes, asAnThuError(thrown));
    }
  }
}

async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (thrown: NodeJS.ErrnoException) => thrown.code === 'ENOENT',
  );
}

/** A writer may have gone on, or put another file in its place, just before the claim: then it is offered again later. */
async function lookAgain(claimed: ClaimedFile): Promise<ClaimedFile> {
  const file = await open(claimed.path, constants.O_RDONLY);
  try {
    const { size, mtimeMs } = await file.stat();
    const found = await probeCompleteness(file, size);
    if (found.complete) return { ...claimed, bytes: size, mtimeMs };
    const name = displayName(claimed.originalName);
    throw new AnThuError('intake.incomplete', { name, minutes: 0, reason: found.reason });
  } finally {
    await file.close();
  }
}
