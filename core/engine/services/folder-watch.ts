import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import {
  type ClaimedFile,
  claimedUnchanged,
  dropEmptyClaims,
  dropHalfCopies,
  listClaimed,
  listCopied,
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
import { takeIn } from './take-in.ts';

type Candidate = ProcedureOutput<'intake.list'>['candidates'][number];

const RETRY_LEFT_OVER_MS = 5_000;

/** Watches the office's scan folders and hands settled, claimed files to {@link takeIn}. */
export class FolderWatch {
  readonly #context: EngineContext;
  #folders: WatchedFolder[] = [];
  readonly #candidates = new Map<string, Candidate>();
  readonly #folderProblems = new Map<string, Candidate>();
  #retryTimer: NodeJS.Timeout | undefined;
  #stopped = false;
  #starting: Promise<void> = Promise.resolve();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Takes over what a dead process had claimed, then watches. */
  start(): Promise<void> {
    this.#stopped = false;
    const starting = this.#begin();
    this.#starting = starting.catch(() => undefined);
    return starting;
  }

  async #begin(): Promise<void> {
    const { watchedFolders, settle } = this.#context.settings();
    const copyFolder = join(this.#context.folder.root, 'claims');
    await mkdir(copyFolder, { recursive: true, mode: 0o700 });
    await dropHalfCopies(copyFolder);
    for (const { path } of watchedFolders) await dropEmptyClaims(path);
    const roots = watchedFolders.map(({ path }) => path);
    await this.#takeLeftOver([...roots.map((root) => () => listClaimed(root)), () => listCopied(copyFolder)]);
    if (this.#stopped) return;
    this.#folders = watchedFolders.map(({ path, polling }) =>
      watchFolder({
        root: path,
        settle,
        clock: this.#context.clock,
        mode: polling ? 'polling' : 'events',
        copyFolder,
        taken: takenSources(this.#context.database),
        onClaimed: (claimed) => this.#take(claimed),
        onState: (state) => this.#note(state),
        onFolder: (error) => {
          if (error) this.#folderProblems.set(path, this.#problem(path, 0, error));
          else this.#folderProblems.delete(path);
          this.#context.emit('intake.changed', { id: null });
        },
      }),
    );
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

  /** Files seen but not taken yet, and folders that cannot be opened. */
  candidates(): Candidate[] {
    return [...this.#folderProblems.values(), ...this.#candidates.values()];
  }

  /** One claim that cannot be taken (disk full, a file that cannot be read) holds up neither the others nor the watch. */
  async #takeLeftOver(lists: readonly (() => Promise<ClaimedFile[]>)[]): Promise<void> {
    let failed = false;
    for (const list of lists) {
      for (const claimed of await list()) {
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

  async #take(claimed: ClaimedFile): Promise<void> {
    await takeIn(this.#context, {
      claim: `folder:${claimed.claimId}`,
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
