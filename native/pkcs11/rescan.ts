/** A module whose start and first look take long is started again after this many times as long at the earliest. */
const PAUSE_FACTOR = 20;

/** A module of software that shows its token is started again after this many milliseconds at the earliest. */
const SOFTWARE_PAUSE_MS = 2_000;

/** What a module showed at the last look: no token, tokens in slots of which none is hardware, or others. */
export type Shown = 'no-token' | 'software-tokens' | 'tokens';

/**
 * When a module is started again (C_Finalize, C_Initialize), for many see a new reader or token only then
 * (docs/decisions/plug-and-unplug.md). Times in milliseconds of a monotonic clock.
 */
export class Rescan {
  #last = 0;
  #notBefore = 0;

  due(shown: Shown, now: number): boolean {
    if (shown === 'tokens' || now < this.#notBefore) return false;
    return shown === 'no-token' || now >= this.#last + SOFTWARE_PAUSE_MS;
  }

  /** `ended` is when the look that followed was over: that is where a module reads its cards. */
  done(started: number, ended: number): void {
    this.#last = ended;
    this.#notBefore = ended + (ended - started) * PAUSE_FACTOR;
  }
}
