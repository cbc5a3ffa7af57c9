import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import {
  type ClaimedFile,
  claimedUnchanged,
  dropCopy,
  dropHalfCopies,
  listCopied,
  listUnowned,
  releaseClaimed,
} from '../../intake/claim-store.ts';
import { displayName } from '../../shared/file-names.ts';
import { takenSources } from '../../intake/taken-sources.ts';
import type { CandidateState, WatchedFolder } from '../../intake/watched-folder.ts';
import { watchFolder } from '../../intake/watch-folder.ts';
import { vietnamIso } from '../../shared/clock.ts';
import { AnThuError, toErrorValue } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import type { EngineContext } from '../context.ts';
import { isApart } from './apart-from-data.ts';
import { claimOwner } from './claim-owner.ts';
import { HeldElsewhere } from './held-elsewhere.ts';
import { takeIn } from './take-in.ts';

type Candidate = ProcedureOutput<'intake.list'>['candidates'][number];

const RETRY_LEFT_OVER_MS = 5_000;

/** Watches the office's scan folders and hands settled, claimed files to {@link takeIn}. */
export class FolderWatch {
  readonly #context: EngineContext;
  #folders: WatchedFolder[] = [];
  readonly #candidates = new Map<string, Candidate>();
  readonly #folderProblems = new Map<string, Candidate>();
  readonly #elsewhere: HeldElsewhere;
  /** By claim: two watched folders may be one and the same. */
  readonly #taking = new Map<string, Promise<void>>();
  #retryTimer: NodeJS.Timeout | undefined;
  #stopped = false;
  #starting: Promise<void> = Promise.resolve();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#elsewhere = new HeldElsewhere(context.clock);
  }

  /** Takes over the copies that a dead process left, then watches; each folder finds its own left-overs. */
  start(): Promise<void> {
    this.#stopped = false;
    const starting = this.#begin();
    this.#starting = starting.catch(() => undefined);
    return starting;
  }

  async #begin(): Promise<void> {
    const { watchedFolders: chosen, settle } = this.#context.settings();
    const watchedFolders = [];
    for (const folder of chosen) if (await this.#mayWatch(folder.path)) watchedFolders.push(folder);
    const copyFolder = join(this.#context.folder.root, 'claims');
    await mkdir(copyFolder, { recursive: true, mode: 0o700 });
    await dropHalfCopies(copyFolder);
    const roots = watchedFolders.map(({ path }) => path);
    await this.#takeLeftOver([
      ...roots.map((root) => () => this.#knownUnowned(root)),
      () => listCopied(copyFolder),
    ]);
    if (this.#stopped) return;
    const owner = claimOwner(this.#context);
    this.#folders = watchedFolders.map(({ path, polling }) =>
      watchFolder({
        root: path,
        owner,
        settle,
        clock: this.#context.clock,
        mode: polling ? 'polling' : 'events',
        copyFolder,
        taken: takenSources(this.#context.database),
        onClaimed: (claimed) => this.#take(claimed),
        onState: (state) => this.#note(state),
        onElsewhere: (held) => this.#elsewhere.note(path, held),
        onFolder: (error) => {
          if (error) this.#folderProblems.set(path, this.#problem(path, 0, error));
          else this.#folderProblems.delete(path);
          this.#context.emit('intake.changed', { id: null });
        },
      }),
    );
  }

  async #mayWatch(path: string): Promise<boolean> {
    const dataFolder = this.#context.folder.root;
    if (await isApart(path, dataFolder)) return true;
    const error = new AnThuError('intake.folder-holds-data', { path, dataFolder });
    this.#folderProblems.set(path, this.#problem(path, 0, error));
    return false;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    // A start under way would otherwise open watchers that nobody closes.
    await this.#starting;
    const folders = this.#folders;
    this.#folders = [];
    this.#folderProblems.clear();
    this.#candidates.clear();
    this.#elsewhere.clear();
    await Promise.all(folders.map((folder) => folder.close()));
  }

  /** Resolves when nothing in the folders is settling or being taken. */
  async idle(): Promise<void> {
    await this.#starting;
    await Promise.all(
      this.#folders.map(async (folder) => {
        await folder.rescan();
        await folder.idle();
      }),
    );
  }

  /** Files seen but not taken yet, folders that cannot be opened, and files that others took and do not finish. */
  candidates(): Candidate[] {
    return [...this.#folderProblems.values(), ...this.#candidates.values(), ...this.#elsewhere.candidates()];
  }

  /** Claims of an earlier version, which named no owner: ours are those that our register knows. */
  async #knownUnowned(root: string): Promise<ClaimedFile[]> {
    const files = await listUnowned(root);
    return files.filter(({ claimId }) => this.#context.intake.byClaim(claimName(claimId)) !== undefined);
  }

  /** One claim that cannot be taken (disk full, a file that cannot be read) holds up neither the others nor the watch. */
  async #takeLeftOver(lists: readonly (() => Promise<ClaimedFile[]>)[]): Promise<void> {
    let failed = false;
    for (const list of lists) {
      const found = await list().catch(() => {
        // A share that is away now must not keep the other folders from being watched.
        failed = true;
        return [];
      });
      for (const claimed of found) {
        try {
          await this.#take(claimed);
          this.#candidates.delete(claimed.path);
        } catch (thrown) {
          failed = true;
          this.#candidates.set(claimed.path, this.#problem(claimed.path, claimed.bytes, thrown));
        }
      }
    }
    this.#context.emit('intake.changed', { id: null });
    if (!failed || this.#stopped) return;
    this.#retryTimer = setTimeout(
      () => void this.#takeLeftOver(lists).catch(() => undefined),
      RETRY_LEFT_OVER_MS,
    );
    this.#retryTimer.unref();
  }

  #problem(path: string, bytes: number, thrown: unknown): Candidate {
    const since = vietnamIso(this.#context.clock.now());
    const name = displayName(basename(path));
    return { path, name, bytes, state: 'unreadable', since, error: toErrorValue(thrown) };
  }

  #take(claimed: ClaimedFile): Promise<void> {
    const { claimId } = claimed;
    const taking =
      this.#taking.get(claimId) ?? this.#takeOnce(claimed).finally(() => this.#taking.delete(claimId));
    this.#taking.set(claimId, taking);
    return taking;
  }

  async #takeOnce(claimed: ClaimedFile): Promise<void> {
    if (this.#wasTakenBefore(claimed)) return dropCopy(claimed);
    await takeIn(this.#context, {
      claim: claimName(claimed.claimId),
      path: claimed.path,
      originalName: claimed.originalName,
      source: 'folder',
      unchanged: () => claimedUnchanged(claimed),
    });
    // Before the release: after it nothing would tell that the source, which stays, was taken.
    if (claimed.copiedFrom) await takenSources(this.#context.database).remember(claimed.copiedFrom);
    failpoint('intake.source-remembered');
    await releaseClaimed(claimed.path, { clock: this.#context.clock });
  }

  #wasTakenBefore({ claimId, copiedFrom }: ClaimedFile): boolean {
    return (
      copiedFrom !== undefined &&
      this.#context.intake.byClaim(claimName(claimId)) === undefined &&
      takenSources(this.#context.database).isSame(copiedFrom)
    );
  }

  #note(state: CandidateState): void {
    // While the scanner is still writing, the worker gets ready.
    if (state.state === 'settling') this.#context.worker.warmUp(this.#context.folder.scratch);
    const shown =
      state.state === 'settling' || state.state === 'incomplete' || state.state === 'empty'
        ? state.state
        : state.state === 'unreadable' || state.state === 'failed'
          ? 'unreadable'
          : null;
    if (shown === null) this.#candidates.delete(state.path);
    else {
      this.#candidates.set(state.path, {
        path: state.path,
        name: state.name,
        bytes: state.bytes,
        state: shown,
        since: state.since,
        ...(state.error && {
          error: toErrorValue(new AnThuError(state.error.code, state.error.detail)),
        }),
      });
    }
    this.#context.emit('intake.changed', { id: null });
  }
}

/** How the register names the claim of a file from a scan folder. */
function claimName(claimId: string): string {
  return `folder:${claimId}`;
}
