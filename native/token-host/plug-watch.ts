import type { HostConnection } from './host-connection.ts';
import { presenceResult } from './protocol.ts';

/** A service that was started, a driver that was installed: known without a restart after this long. */
const longestPauseMs = 15_000;

/**
 * Polls one host for its tokens (slot events of drivers are not to be relied on, findings/signing-peers.md §2.1).
 * Waits while the host is busy with something else, and longer and longer while its driver fails.
 */
export class PlugWatch {
  readonly #connection: HostConnection;
  readonly #pollMs: number;
  readonly #changed: (kind: 'present' | 'plugged' | 'unplugged', tokenId: string) => void;
  #present: readonly string[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  constructor(
    connection: HostConnection,
    pollMs: number,
    changed: (kind: 'present' | 'plugged' | 'unplugged', tokenId: string) => void,
  ) {
    this.#connection = connection;
    this.#pollMs = pollMs;
    this.#changed = changed;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped) return;
    const pause = Math.min(this.#pollMs * 2 ** this.#failures, longestPauseMs);
    this.#timer = setTimeout(() => void this.#poll(), pause);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    try {
      if (!this.#connection.busy) await this.#look();
      this.#failures = 0;
    } catch {
      // A driver that cannot be asked is shown by list(); here it only slows the asking down.
      this.#failures = Math.min(this.#failures + 1, 10);
    }
    this.#schedule();
  }

  async #look(): Promise<void> {
    const { present, unlocked } = await this.#connection.call('presence', {}, presenceResult);
    if (this.#stopped) return;
    this.#connection.update(unlocked, 'removed');
    this.seen(present);
  }

  /**
   * What is plugged in, by our own look or by a list that was made meanwhile. Both count: a token pulled and put back between
   * two looks, but missing in a list, would else stay missing for whoever saw the list.
   */
  seen(present: readonly string[]): void {
    if (this.#stopped) return;
    const before = this.#present;
    this.#present = present;
    if (!before) {
      for (const id of present) this.#changed('present', id);
      return;
    }
    for (const id of present) if (!before.includes(id)) this.#changed('plugged', id);
    for (const id of before) if (!present.includes(id)) this.#changed('unplugged', id);
  }
}
