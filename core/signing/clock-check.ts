import { AnThuError } from '../shared/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { serverDate } from '../shared/server-date.ts';

/** A clock that is further off would print a wrong time on documents. */
const FAR_OFF_MS = 10 * 60_000;
const DEADLINE_MS = 2_000;
/** An answer holds this long, so that a batch asks once. */
const FRESH_MS = 5 * 60_000;
/** A wall clock that goes so far apart from the monotonic one was set. */
const SET_MS = 60_000;

/**
 * Compares this computer's clock with that of the time-stamping authority's server before a token is asked to sign: the
 * time of signing stands in the signature and on the page. A server that does not answer says nothing. The question is
 * none for a timestamp and counts against no daily limit.
 */
export class ClockCheck {
  readonly #clock: Clock;
  #last:
    | {
        readonly url: string;
        readonly at: number;
        /** Of the wall clock over the monotonic one, when the question was asked. */
        readonly ahead: number;
        readonly answer: Promise<number | undefined>;
      }
    | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `signing.clock-off`. Nothing is asked without an address. */
  async assertFits(url: string | null): Promise<void> {
    if (url === null) return;
    const at = this.#clock.monotonic();
    const ahead = this.#clock.now().getTime() - at;
    const known = this.#last;
    // An answer for a clock that somebody has set meanwhile says nothing of this one.
    const wasSet = known && Math.abs(ahead - known.ahead) > SET_MS;
    if (!known || wasSet || known.url !== url || at - known.at > FRESH_MS)
      this.#last = { url, at, ahead, answer: this.#ask(url) };
    const offMs = await this.#last?.answer;
    if (offMs === undefined || Math.abs(offMs) <= FAR_OFF_MS) return;
    // Somebody may set the clock right any moment.
    this.#last = undefined;
    throw new AnThuError('signing.clock-off', {
      minutes: Math.round(Math.abs(offMs) / 60_000),
      ours: this.#clock.now().toISOString(),
      theirs: new Date(this.#clock.now().getTime() - offMs).toISOString(),
    });
  }

  async #ask(url: string): Promise<number | undefined> {
    const theirs = await serverDate(url, DEADLINE_MS);
    return theirs && this.#clock.now().getTime() - theirs.getTime();
  }
}
