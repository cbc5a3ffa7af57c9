/** What is on its way ahead may take the other side this long, all together. */
const AHEAD_MS = 6;

/** One new measurement counts this much. */
const NEWEST = 0.25;

export interface PipelineBounds {
  /** Even of what takes long so many are under way: the one that is worked on and those on their way. */
  readonly least: number;
  readonly most: number;
}

/**
 * How many requests should be under way at once to somebody who works on them one after the other. Quick ones (a soft
 * token: half a millisecond) go in larger groups, so that the way costs little; of slow ones (a card: 300 ms) only the fewest
 * are ahead, so that cancelling and locking never wait for many.
 */
export class PipelineDepth {
  readonly #bounds: PipelineBounds;
  /** Milliseconds that one takes, smoothed. */
  #each: number | undefined;
  #answeredAt = 0;

  constructor(bounds: PipelineBounds) {
    this.#bounds = bounds;
  }

  get current(): number {
    const { least, most } = this.#bounds;
    if (this.#each === undefined) return least;
    return Math.max(least, Math.min(most, Math.floor(AHEAD_MS / Math.max(this.#each, 0.1))));
  }

  /** One that was sent at `sentAt` (performance.now) is answered: it was worked on since then, or since the answer before. */
  answered(sentAt: number): void {
    const now = performance.now();
    const took = now - Math.max(sentAt, this.#answeredAt);
    this.#answeredAt = now;
    this.#each = this.#each === undefined ? took : this.#each + NEWEST * (took - this.#each);
  }
}
