/** A module whose start and first look take long is started again after this many times as long at the earliest. */
const PAUSE_FACTOR = 20;

/**
 * When a module that shows no token is started again (C_Finalize, C_Initialize), for many see a new reader or token only then
 * (docs/decisions/plug-and-unplug.md). Times in milliseconds of a monotonic clock.
 */
export class Rescan {
  #notBefore = 0;

  due(tokens: 'some' | 'none', now: number): boolean {
    return tokens === 'none' && now >= this.#notBefore;
  }

  /** `ended` is when the look that followed was over: that is where a module reads its cards. */
  done(started: number, ended: number): void {
    this.#notBefore = ended + (ended - started) * PAUSE_FACTOR;
  }
}
