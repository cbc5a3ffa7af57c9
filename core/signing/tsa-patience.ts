import type { Clock } from '../shared/clock.ts';

/** A time-stamping authority that did not answer is left alone this long. */
const PAUSE_MS = 60_000;

/**
 * Remembers that the time-stamping authority is away, so that an outage costs one wait a minute and not one a document:
 * the clerk's queue goes on at the lower level (signing costs a level, never time).
 */
export class TsaPatience {
  readonly #clock: Clock;
  #awayUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get mayAsk(): boolean {
    return this.#clock.now().getTime() >= this.#awayUntil;
  }

  /** It answered, or another one is asked from now on. */
  forget(): void {
    this.#awayUntil = 0;
  }

  failed(): void {
    this.#awayUntil = this.#clock.now().getTime() + PAUSE_MS;
  }
}
