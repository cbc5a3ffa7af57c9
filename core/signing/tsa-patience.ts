import type { ErrorValue } from '../contract/errors/value.ts';
import type { Clock } from '../shared/clock.ts';

/** A time-stamping authority that did not answer is left alone this long. */
const PAUSE_MS = 60_000;

/**
 * Remembers that the time-stamping authority is away, so that an outage costs one wait a minute and not one a document:
 * the clerk's queue goes on at the lower level (signing costs a level, never time).
 */
export class TsaPatience {
  readonly #clock: Clock;
  /** Monotonic: nobody who sets the clock prolongs it. */
  #awayUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get mayAsk(): boolean {
    return this.#clock.monotonic() >= this.#awayUntil;
  }

  /** It answered, or another one is asked from now on. */
  forget(): void {
    this.#awayUntil = Number.NEGATIVE_INFINITY;
  }

  failed(): void {
    this.#awayUntil = this.#clock.monotonic() + PAUSE_MS;
  }

  /** What came of asking it: one that refuses, or whose timestamp does not fit, is there. */
  learn(error: Pick<ErrorValue, 'code'> | undefined): void {
    if (error?.code === 'signing.tsa-unavailable') this.failed();
    else this.forget();
  }
}
