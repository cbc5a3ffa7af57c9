import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type BriefSharingHost, whileHeldBriefly } from '../../shared/sharing.ts';
import { noTries, type TryCount, type TryCountStore } from '../../../native/token-host/try-counts.ts';
import { inTurn } from './file-turn.ts';

const countsSchema = z.record(
  z.string(),
  z.object({ wrong: z.number().int().min(0), unclear: z.number().int().min(0) }),
);

type Counts = z.infer<typeof countsSchema>;
type Host = BriefSharingHost | undefined;

/**
 * Our own count of wrong PINs, in a small file of the data folder that engine and command line share: it must outlive the
 * program, for a token that does not tell how many tries are left locks all the same. Read anew each time, as another program
 * may have counted meanwhile. Where nothing can be written the count lives as long as this program. Files (soft tokens) never
 * lock: their wrong passwords are never written down.
 */
export function tryCountsIn(path: string, host?: BriefSharingHost): TryCountStore {
  /** What could not be written, or need not be. */
  const own = new Map<string, TryCount>();
  const all = (): Counts => ({ ...readCounts(path, host), ...Object.fromEntries(own) });
  const get = (tokenId: string): TryCount => all()[tokenId] ?? noTries;
  const set = (tokenId: string, count: TryCount): void => {
    const { [tokenId]: before, ...others } = readCounts(path, host);
    const clear = count.wrong + count.unclear === 0;
    own.delete(tokenId);
    if (clear && !before) return;
    const counts = clear ? others : { ...others, [tokenId]: count };
    const kept = !tokenId.startsWith('file:') && writeCounts(path, counts, host);
    if (!kept) own.set(tokenId, count);
  };
  /** Files are counted here alone: nobody else need wait, and nothing be written. */
  const alone = <T>(tokenId: string, work: () => T): T =>
    tokenId.startsWith('file:') ? work() : inTurn(path, work);
  return {
    all,
    get,
    set: (tokenId, count) => {
      // Nothing to forget: nothing is written.
      if (count.wrong + count.unclear === 0 && get(tokenId) === noTries) return;
      alone(tokenId, () => set(tokenId, count));
    },
    update: (tokenId, change) =>
      alone(tokenId, () => {
        const before = get(tokenId);
        set(tokenId, change(before));
        return before;
      }),
  };
}

/** Empty where there is no file, or one that is not ours to understand. */
function readCounts(path: string, host: Host): Counts {
  try {
    return countsSchema.parse(JSON.parse(whileHeldBriefly(() => readFileSync(path, 'utf8'), host)));
  } catch {
    return {};
  }
}

/**
 * Whole or not at all, flushed: the next wrong PIN may come after a power cut. Without counts there is no file. On Windows the
 * other program, or a virus scanner, may hold it for a moment. False when it cannot be written.
 */
function writeCounts(path: string, counts: Counts, host: Host): boolean {
  if (Object.keys(counts).length === 0) return removed(path, host);
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(draft, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(counts));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    whileHeldBriefly(() => renameSync(draft, path), host);
    return true;
  } catch {
    removed(draft, host);
    return false;
  }
}

function removed(path: string, host: Host): boolean {
  try {
    whileHeldBriefly(() => rmSync(path, { force: true }), host);
    return true;
  } catch {
    return false;
  }
}
