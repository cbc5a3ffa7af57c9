/** What is compared between two looks at a file. */
export interface Reading {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface SettleTimes {
  /** A file must stay the same for so long before it is looked into. */
  readonly quietMs: number;
  /** After so long without a change an unfinished file is shown as incomplete. */
  readonly incompleteAfterMs: number;
}

/** What to do with a candidate after one more reading. */
export type SettleStep = 'wait' | 'probe' | 'give-up';

/**
 * Decides when a file has settled: size and mtime equal over readings at least `quietMs` apart by the monotonic
 * clock (findings/peers-capture-sync-desktop.md §2.3 rule 2). A file whose content was found unfinished is probed
 * again only after a change, or after {@link retryAt}.
 */
export class SettleTracker {
  readonly #times: SettleTimes;
  #reading: Reading | undefined;
  #since = 0;
  #notBefore = 0;

  constructor(times: SettleTimes) {
    this.#times = times;
  }

  /** Monotonic time since which the file has not changed. */
  get unchangedSince(): number {
    return this.#since;
  }

  observe(reading: Reading, now: number): SettleStep {
    if (!this.#reading || !sameReading(this.#reading, reading)) {
      this.#reading = reading;
      this.#since = now;
      this.#notBefore = 0;
      return 'wait';
    }
    const quiet = now - this.#since;
    if (quiet >= this.#times.quietMs && reading.size > 0 && now >= this.#notBefore) return 'probe';
    return quiet >= this.#times.incompleteAfterMs ? 'give-up' : 'wait';
  }

  /** The probe found the file unfinished or unreadable: do not probe the same bytes before `at`. */
  retryAt(at: number): void {
    this.#notBefore = at;
  }
}

export function sameReading(a: Reading, b: Reading): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino && a.dev === b.dev;
}
