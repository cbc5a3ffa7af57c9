import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { watch as chokidarWatch } from 'chokidar';
import { vietnamIso } from '../shared/clock.ts';
import { AnThuError, asAnThuError } from '../shared/errors.ts';
import { displayName } from '../shared/file-names.ts';
import { reason } from '../shared/reasons.ts';
import { type Candidate, newCandidate } from './candidate.ts';
import { ClaimHandover } from './claim-handover.ts';
import {
  type ClaimOutcome,
  claimByCopy,
  claimByRename,
  dropEmptyClaims,
  listClaimed,
} from './claim-store.ts';
import { probeCompleteness } from './completeness.ts';
import { isShared, listElsewhere } from './folder-owner.ts';
import { FolderStanding } from './folder-standing.ts';
import { isIgnoredName } from './ignored-names.ts';
import { type Reading, sameReading } from './settle.ts';
import type { CandidateStage, TakenMemory, WatchFolderOptions, WatchedFolder } from './watched-folder.ts';

/** Looks at a settling file during its quiet time. */
const LOOKS_PER_QUIET = 4;

/**
 * Watches one scan folder. Events, the first listing and every rescan only name candidates; each candidate goes
 * through the same settling ({@link SettleTracker}), a look at its structure, and a claim by rename. Files are
 * never deleted and never changed.
 */
export function watchFolder(options: WatchFolderOptions): WatchedFolder {
  return new FolderWatch(options);
}

class FolderWatch implements WatchedFolder {
  readonly #options: WatchFolderOptions;
  readonly #candidates = new Map<string, Candidate>();
  readonly #handover: ClaimHandover;
  readonly #watcher: ReturnType<typeof chokidarWatch> | undefined;
  readonly #rescanTimer: NodeJS.Timeout;
  readonly #idleWaiters = new Set<() => void>();
  #tickTimer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  #scanning: Promise<void> | undefined;
  #closed = false;
  /** What is wrong with the folder as a whole, as it was told. */
  #folderProblem: AnThuError | undefined;
  readonly #standing: FolderStanding;
  /** Set by a listing: the next tick looks for claims of ours that nobody handed over. */
  #recoveryDue = false;
  /** Sub-folders that cannot be listed, as they were told. */
  readonly #shut = new Map<string, Candidate>();
  /** Names already reported as not being UTF-8. */
  readonly #badNames = new Set<string>();

  constructor(options: WatchFolderOptions) {
    this.#options = options;
    this.#standing = new FolderStanding(options.root, options.owner);
    this.#handover = new ClaimHandover(options, (...said) => this.#tell(...said));
    const polling = options.mode === 'polling';
    this.#rescanTimer = setInterval(() => void this.rescan(), options.rescanMs ?? (polling ? 5_000 : 60_000));
    this.#watcher = polling ? undefined : this.#startEvents();
    void this.rescan();
  }

  #startEvents(): ReturnType<typeof chokidarWatch> {
    const { root } = this.#options;
    const watcher = chokidarWatch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      depth: this.#options.depth ?? 4,
      ignored: (path) =>
        path !== root &&
        relative(root, path)
          .split(sep)
          .some((part) => this.#isIgnored(part)),
    });
    // What was renamed between our first listing and the watcher's beginning would wait for the next rescan.
    watcher.on('ready', () => void this.rescan());
    watcher.on('add', (path) => this.#notice(path));
    watcher.on('change', (path) => this.#notice(path));
    // The watcher is a hint only: when it fails, the rescan still finds everything.
    watcher.on('error', () => {});
    return watcher;
  }

  #isIgnored(name: string): boolean {
    return isIgnoredName(name) || (this.#options.ignore?.(name) ?? false);
  }

  #notice(path: string): void {
    if (this.#closed || this.#standing.isOvertaken) return;
    if (!this.#candidates.has(path)) {
      this.#candidates.set(path, newCandidate(path, this.#options.settle));
    }
    this.#armTick(0);
  }

  rescan(): Promise<void> {
    this.#scanning ??= this.#scan().finally(() => {
      this.#scanning = undefined;
      this.#armTick(0);
      this.#tellIdle();
    });
    return this.#scanning;
  }

  async #scan(): Promise<void> {
    if (this.#closed) return;
    const { root, owner, depth = 4, onElsewhere } = this.#options;
    try {
      await this.#list(root, depth);
      this.#tellFolder(await this.#standing.look());
      onElsewhere?.(await listElsewhere(root, owner.id));
    } catch (thrown) {
      const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
      this.#tellFolder(new AnThuError('intake.folder-missing', { path: root, reason }));
    }
    this.#handover.hurry();
    this.#recoveryDue = true;
  }

  #tellFolder(problem: AnThuError | undefined): void {
    if (problem?.code !== this.#folderProblem?.code) this.#options.onFolder?.(problem);
    this.#folderProblem = problem;
    if (!this.#standing.isOvertaken) return;
    for (const candidate of this.#candidates.values()) this.#tell(candidate, 'gone', 0);
    this.#candidates.clear();
    this.#handover.forget();
  }

  async #list(folder: string, depth: number): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (this.#isIgnored(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isFile() && (await this.#isReachable(path))) this.#notice(path);
      else if (entry.isDirectory() && depth > 0) await this.#listBelow(path, depth - 1);
    }
  }

  /** A sub-folder that cannot be listed is shown; it holds up nothing else. */
  async #listBelow(folder: string, depth: number): Promise<void> {
    const shut = this.#shut.get(folder);
    try {
      await this.#list(folder, depth);
      if (shut) this.#tell(shut, 'gone', 0);
      this.#shut.delete(folder);
    } catch (thrown) {
      const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
      if (reason === 'ENOENT') return;
      const candidate = shut ?? newCandidate(folder, this.#options.settle);
      this.#shut.set(folder, candidate);
      const name = displayName(basename(folder));
      this.#tell(candidate, 'unreadable', 0, new AnThuError('intake.subfolder-unreadable', { name, reason }));
    }
  }

  /** A name that is not UTF-8 comes out of the listing changed, and cannot be opened: shown, never dropped in silence. */
  async #isReachable(path: string): Promise<boolean> {
    if (!path.includes('\ufffd') || (await lstat(path).catch(() => undefined))) return true;
    if (!this.#badNames.has(path)) {
      this.#badNames.add(path);
      const name = displayName(basename(path));
      const error = new AnThuError('intake.unreadable', { name, reason: reason('file.name-not-utf8') });
      this.#tell(newCandidate(path, this.#options.settle), 'unreadable', 0, error);
    }
    return false;
  }

  #armTick(delay: number): void {
    if (this.#closed || this.#ticking) return;
    clearTimeout(this.#tickTimer);
    this.#tickTimer = setTimeout(() => {
      this.#ticking = this.#tick().finally(() => {
        this.#ticking = undefined;
        if (this.#recoveryDue) this.#armTick(0);
        else if (this.#hasWork() || this.#hasRetries() || !this.#handover.isDone)
          this.#armTick(this.#tickMs());
        this.#tellIdle();
      });
    }, delay);
  }

  #tickMs(): number {
    return Math.min(1000, Math.max(5, this.#options.settle.quietMs / LOOKS_PER_QUIET));
  }

  /** Files that may still change by themselves; those given up are looked at by rescans and events. */
  #hasWork(): boolean {
    return [...this.#candidates.values()].some(
      (candidate) => candidate.stage === 'settling' || !candidate.stage,
    );
  }

  /** Files that someone holds open: tried again for a while without waiting for the next rescan. */
  #hasRetries(): boolean {
    const { clock, settle } = this.#options;
    const oldest = clock.monotonic() - settle.incompleteAfterMs;
    return [...this.#candidates.values()].some(
      (candidate) => candidate.stage === 'unreadable' && candidate.tracker.unchangedSince > oldest,
    );
  }

  async #tick(): Promise<void> {
    if (this.#recoveryDue) await this.#recover();
    await this.#handover.offerAgain();
    for (const candidate of this.#candidates.values()) {
      if (this.#closed || this.#standing.isOvertaken) return;
      try {
        await this.#look(candidate);
      } catch (thrown) {
        const error = asAnThuError(thrown);
        candidate.tracker.retryAt(this.#options.clock.monotonic() + 10 * this.#options.settle.quietMs);
        // It may have been moved to us all the same.
        this.#recoveryDue = true;
        this.#tell(candidate, 'failed', 0, error);
      }
    }
  }

  /**
   * Claims of ours that nobody handed over: a dead process left them, the share was away when we started, or the
   * claim failed after the file had been moved. Runs in a tick, so that none is being made meanwhile.
   */
  async #recover(): Promise<void> {
    this.#recoveryDue = false;
    const { root, owner, settle } = this.#options;
    if (this.#closed || this.#standing.isOvertaken) return;
    try {
      await dropEmptyClaims(root, owner.id);
      const files = await listClaimed(root, owner.id);
      for (const file of this.#handover.unknownOf(files)) {
        if (this.#closed) return;
        await this.#handover.recover(newCandidate(file.path, settle), file, files);
      }
    } catch {
      // the folder is away: that is told by the listing, and the next one brings us here again
    }
  }

  async #look(candidate: Candidate): Promise<void> {
    const stats = await lstat(candidate.path).catch(() => undefined);
    if (!stats?.isFile()) {
      this.#candidates.delete(candidate.path);
      if (candidate.stage !== undefined && candidate.stage !== 'claimed') this.#tell(candidate, 'gone', 0);
      return;
    }
    const reading: Reading = { dev: stats.dev, ino: stats.ino, size: stats.size, mtimeMs: stats.mtimeMs };
    if (candidate.settledReading && sameReading(candidate.settledReading, reading)) return;
    candidate.settledReading = undefined;
    const now = this.#options.clock.monotonic();
    const step = candidate.tracker.observe(reading, now);
    if (step === 'probe') {
      await this.#probe(candidate, reading);
    } else if (step === 'give-up') {
      this.#giveUp(candidate, reading);
    } else if (!candidate.stage || candidate.tracker.unchangedSince === now) {
      this.#tell(candidate, 'settling', stats.size);
    }
  }

  #giveUp(candidate: Candidate, reading: Reading): void {
    const minutes = Math.round(this.#options.settle.incompleteAfterMs / 60_000);
    const detail = { name: displayName(basename(candidate.path)), minutes, reason: candidate.reason };
    if (reading.size === 0) {
      this.#tell(candidate, 'empty', 0, new AnThuError('intake.empty-file', detail));
    } else if (candidate.error !== 'intake.unreadable') {
      this.#tell(candidate, 'incomplete', reading.size, new AnThuError('intake.incomplete', detail));
    }
  }

  async #probe(candidate: Candidate, reading: Reading): Promise<void> {
    const { clock, settle } = this.#options;
    const name = displayName(basename(candidate.path));
    let file;
    try {
      // O_NOFOLLOW: between the look and this a link could have been put in its place.
      file = await open(
        candidate.path,
        constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
      );
    } catch (thrown) {
      const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
      candidate.tracker.retryAt(clock.monotonic() + 4 * settle.quietMs);
      this.#tell(
        candidate,
        'unreadable',
        reading.size,
        new AnThuError('intake.unreadable', { name, reason }),
      );
      return;
    }
    try {
      const found = await probeCompleteness(file, reading.size);
      candidate.type = found.type;
      const now = await file.stat();
      if (!sameReading(reading, { dev: now.dev, ino: now.ino, size: now.size, mtimeMs: now.mtimeMs })) return;
      if (!found.complete) {
        candidate.reason = found.reason;
        candidate.tracker.retryAt(Number.POSITIVE_INFINITY);
        return;
      }
    } finally {
      await file.close();
    }
    await this.#claim(candidate, reading);
  }

  async #claim(candidate: Candidate, reading: Reading): Promise<void> {
    const { clock, settle, root, owner, copyFolder, taken } = this.#options;
    const name = displayName(basename(candidate.path));
    let outcome = await claimByRename(root, candidate.path, owner.id);
    let note: AnThuError | undefined;
    if (outcome.kind === 'cannot-move' && (await isShared(root, owner.id))) {
      note = new AnThuError('intake.shared-not-movable', { name, reason: outcome.reason });
    } else if (outcome.kind === 'cannot-move') {
      note = new AnThuError('intake.folder-read-only', { name, reason: outcome.reason });
      outcome = await this.#claimByCopy(candidate, reading, outcome, copyFolder, taken);
    }
    if (outcome.kind === 'claimed') {
      if (outcome.file.copiedFrom) candidate.settledReading = reading;
      else this.#candidates.delete(candidate.path);
      this.#tell(candidate, 'claimed', outcome.file.bytes, note);
      await this.#handover.offer(candidate, outcome.file);
    } else if (outcome.kind === 'busy') {
      candidate.tracker.retryAt(clock.monotonic() + 4 * settle.quietMs);
      const busy = new AnThuError('intake.unreadable', { name, reason: outcome.reason });
      this.#tell(candidate, 'unreadable', reading.size, busy);
    } else if (outcome.kind === 'cannot-move') {
      candidate.tracker.retryAt(clock.monotonic() + 4 * settle.quietMs);
      this.#tell(candidate, 'failed', reading.size, note);
    } else if (candidate.settledReading) {
      this.#tell(candidate, 'claimed', reading.size, note);
    }
  }

  async #claimByCopy(
    candidate: Candidate,
    reading: Reading,
    refused: ClaimOutcome,
    copyFolder: string | undefined,
    taken: TakenMemory | undefined,
  ): Promise<ClaimOutcome> {
    if (copyFolder === undefined) return refused;
    if (await taken?.isTaken({ path: candidate.path, ...reading })) {
      candidate.settledReading = reading;
      return { kind: 'gone' };
    }
    return claimByCopy(copyFolder, candidate.path);
  }

  #tell(candidate: Candidate, state: CandidateStage, bytes: number, error?: AnThuError): void {
    if (candidate.stage === state && candidate.error === error?.code && state !== 'claimed') return;
    candidate.stage = state;
    candidate.error = error?.code;
    this.#options.onState({
      root: this.#options.root,
      path: candidate.path,
      name: displayName(basename(candidate.path)),
      bytes,
      type: candidate.type,
      state,
      since: vietnamIso(this.#options.clock.now()),
      error: error ? { code: error.code, detail: error.detail } : undefined,
    });
  }

  async idle(): Promise<void> {
    while (!this.#isIdle()) await new Promise<void>((resolve) => this.#idleWaiters.add(resolve));
  }

  #isIdle(): boolean {
    return this.#closed || (!this.#scanning && !this.#ticking && !this.#recoveryDue && !this.#hasWork());
  }

  #tellIdle(): void {
    const waiters = [...this.#idleWaiters];
    this.#idleWaiters.clear();
    for (const resolve of waiters) resolve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#rescanTimer);
    clearTimeout(this.#tickTimer);
    await this.#watcher?.close();
    await this.#scanning;
    await this.#ticking;
    this.#tellIdle();
  }
}
