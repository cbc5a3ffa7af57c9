import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import type { ClaimedFile } from '../../core/intake/claim-store.ts';
import type { FolderOwner } from '../../core/intake/folder-owner.ts';
import { watchFolder } from '../../core/intake/watch-folder.ts';
import type { CandidateState, WatchFolderOptions, WatchedFolder } from '../../core/intake/watched-folder.ts';
import { type Clock, systemClock } from '../../core/shared/clock.ts';

/** The smallest file that the settling takes for a whole PDF. */
export const smallPdf = Buffer.from(
  '%PDF-1.7\n1 0 obj <<>> endobj\nxref\n0 1\ntrailer <<>>\nstartxref\n29\n%%EOF\n',
);

/** Who watches in these tests. */
export const us: FolderOwner = {
  id: 'so-may-nay',
  session: 'lan-1',
  computer: 'MAY-1',
  dataFolder: '/du-lieu',
};

/** A scan folder of a test, with what was claimed from it and what was said about its files. */
interface ScanFolder {
  /** Holds {@link root}; a place for other folders of the test. */
  readonly base: string;
  readonly root: string;
  readonly claimed: ClaimedFile[];
  readonly states: CandidateState[];
  /** Watches it with a short quiet time, until {@link close}. */
  watch(options?: Partial<WatchFolderOptions>): WatchedFolder;
  /** Fails with what was said so far when `condition` does not come true. `ms` is a guard against hanging. */
  until(condition: () => boolean, ms?: number): Promise<void>;
  stagesOf(name: string): string[];
  close(): Promise<void>;
}

async function makeScanFolder(): Promise<ScanFolder> {
  const base = await mkdtemp(join(tmpdir(), 'an-thu-intake-'));
  const root = join(base, 'quét');
  await mkdir(root);
  const claimed: ClaimedFile[] = [];
  const states: CandidateState[] = [];
  const watching: WatchedFolder[] = [];
  return {
    base,
    root,
    claimed,
    states,
    watch(options = {}) {
      const watched = watchFolder({
        root,
        owner: us,
        settle: { quietMs: 60, incompleteAfterMs: 400 },
        clock: systemClock,
        onClaimed: async (file) => void claimed.push(file),
        onState: (state) => void states.push(state),
        ...options,
      });
      watching.push(watched);
      return watched;
    },
    async until(condition, ms = 4000) {
      const end = performance.now() + ms;
      while (!condition()) {
        if (performance.now() > end)
          throw new Error(`not within ${ms} ms; states: ${states.map((s) => s.state).join(' ')}`);
        await sleep(10);
      }
    },
    stagesOf: (name) => states.filter((s) => basename(s.path) === name).map((s) => s.state),
    async close() {
      for (const watched of watching) await watched.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** The scan folder of the test that runs, and its parts. */
export let folder: ScanFolder;
export let base: string;
export let root: string;
export let claimed: ClaimedFile[];
export let states: CandidateState[];

beforeEach(async () => {
  folder = await makeScanFolder();
  ({ base, root, claimed, states } = folder);
});

afterEach(() => folder.close());

/** A clock on which, once it is stopped, no time to wait is ever over. */
export function stoppableClock(): Clock & { stop(): void } {
  let stoppedAt: number | undefined;
  return {
    now: () => systemClock.now(),
    monotonic: () => stoppedAt ?? systemClock.monotonic(),
    stop: () => void (stoppedAt ??= systemClock.monotonic()),
  };
}
