import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { whileHeldBriefly } from '../../shared/sharing.ts';

/** What a turn depends on; tests give their own. */
export interface TurnHost {
  /** Stops this thread. */
  readonly wait: (ms: number) => void;
}

const thisHost: TurnHost = {
  wait: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};

const LOOK_MS = 5;

/** A turn is a small file read and written: nobody who lives needs so long. */
const PATIENCE_LOOKS = 600;

/**
 * Runs `work` while no other program is in a turn of its own over the file at `path`. The turn is a file beside it with the
 * number of our process; one that a killed program left behind is taken over. Where no file can be made there, `work`
 * runs all the same: whoever else comes cannot write there either.
 */
export function inTurn<T>(path: string, work: () => T, host: TurnHost = thisHost): T {
  const turn = `${path}.turn`;
  const taken = takeTurn(turn, host);
  try {
    return work();
  } finally {
    if (taken) removeQuietly(turn);
  }
}

function takeTurn(turn: string, { wait }: TurnHost): boolean {
  for (let looks = 0; ; looks++) {
    const outcome = claim(turn);
    if (outcome !== 'held') return outcome === 'ours';
    if (looks < PATIENCE_LOOKS && !isLeftBehind(turn)) wait(LOOK_MS);
    else removeQuietly(turn);
    if (looks > 2 * PATIENCE_LOOKS) return false;
  }
}

function claim(turn: string): 'ours' | 'held' | 'impossible' {
  let file: number;
  try {
    mkdirSync(dirname(turn), { recursive: true, mode: 0o700 });
  } catch {
    return 'impossible';
  }
  try {
    // Windows refuses otherwise, too, while the one before is being removed.
    file = whileHeldBriefly(() => openSync(turn, 'wx', 0o600));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'held' : 'impossible';
  }
  try {
    writeSync(file, String(process.pid));
  } catch {
    // a full disk: it is ours all the same, and found to be nobody's after a while if we are killed
  } finally {
    closeSync(file);
  }
  return 'ours';
}

/** Whether the program that took the turn is no more. One that has not yet written who it is lives. */
function isLeftBehind(turn: string): boolean {
  let holder: number;
  try {
    holder = Number(readFileSync(turn, 'utf8'));
  } catch {
    return false;
  }
  if (!Number.isSafeInteger(holder) || holder <= 0) return false;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // taken over or removed by somebody else
  }
}
