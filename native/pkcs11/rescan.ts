/** Milliseconds between two new starts while a token is there; without one, a new start goes with every look. */
const WITH_TOKEN_MS = 10_000;
/** A module that takes long to start is started again after this many times as long at the earliest. */
const PAUSE_FACTOR = 20;

/**
 * When a module that nobody is logged in to is started again (C_Finalize, C_Initialize), for many see a new reader or token only
 * then (docs/decisions/plug-and-unplug.md). Times in milliseconds of a monotonic clock.
 */
export class Rescan {
  #notBefore = 0;
  #last = 0;

  due(tokens: 'some' | 'none', now: number): boolean {
    return now >= this.#notBefore && (tokens === 'none' || now - this.#last >= WITH_TOKEN_MS);
  }

  done(started: number, ended: number): void {
    this.#last = ended;
    this.#notBefore = ended + (ended - started) * PAUSE_FACTOR;
  }
}
