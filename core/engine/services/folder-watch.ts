import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import { type ClaimedFile, claimedUnchanged, listClaimed, releaseClaimed } from '../../intake/claim-store.ts';
import { takenSources } from '../../intake/taken-sources.ts';
import { type CandidateState, type WatchedFolder, watchFolder } from '../../intake/watch-folder.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { takeIn } from './take-in.ts';

type Candidate = ProcedureOutput<'intake.list'>['candidates'][number];

/** Watches the office's scan folders and hands settled, claimed files to {@link takeIn}. */
export class FolderWatch {
  readonly #context: EngineContext;
  #folders: WatchedFolder[] = [];
  readonly #candidates = new Map<string, Candidate>();
  readonly #folderProblems = new Map<string, string>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Takes over what a dead process had claimed, then watches. */
  async start(): Promise<void> {
    const { watchedFolders, settle } = this.#context.settings();
    const taken = takenSources(this.#context.database);
    const copyFolder = join(this.#context.folder.root, 'claims');
    await mkdir(copyFolder, { recursive: true, mode: 0o700 });
    for (const { path } of [...watchedFolders, { path: copyFolder }]) {
      for (const claimed of await listClaimed(path)) {
        await this.#take(claimed);
        if (claimed.copiedFrom) await taken.remember(claimed.copiedFrom);
      }
    }
    this.#folders = watchedFolders.map(({ path, polling }) =>
      watchFolder({
        root: path,
        settle,
        clock: this.#context.clock,
        mode: polling ? 'polling' : 'events',
        copyFolder,
        taken,
        onClaimed: (claimed) => this.#take(claimed),
        onState: (state) => this.#note(state),
        onFolder: (error) => {
          if (error) this.#folderProblems.set(path, errorMessage(error.code, error.detail));
          else this.#folderProblems.delete(path);
          this.#context.emit('services.changed', {});
        },
      }),
    );
  }

  async stop(): Promise<void> {
    const folders = this.#folders;
    this.#folders = [];
    this.#candidates.clear();
    await Promise.all(folders.map((folder) => folder.close()));
  }

  /** Resolves when nothing in the folders is settling or being taken. */
  async idle(): Promise<void> {
    await Promise.all(
      this.#folders.map(async (folder) => {
        await folder.rescan();
        await folder.idle();
      }),
    );
  }

  /** Files seen but not taken yet. */
  candidates(): Candidate[] {
    return [...this.#candidates.values()];
  }

  async #take(claimed: ClaimedFile): Promise<void> {
    await takeIn(this.#context, {
      claim: `folder:${claimed.claimId}`,
      path: claimed.path,
      originalName: claimed.originalName,
      source: 'folder',
      unchanged: () => claimedUnchanged(claimed),
    });
    await releaseClaimed(claimed.path, { clock: this.#context.clock });
  }

  #note(state: CandidateState): void {
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
      });
    }
    this.#context.emit('intake.changed', { id: null });
  }
}
