import { overLimit } from './damage.ts';

/**
 * How much more may be done with one open document. Many parts of a file may name one long object, objects may overlap, and each
 * signature is held against all that follows: small files whose counts multiply, where every single count is within its limit.
 * So what is read, looked up and walked over is counted as a whole. A unit is about what reading one byte of an object takes,
 * some twenty nanoseconds.
 */
export class Work {
  readonly #most: number;
  #left: number;

  constructor(most: number) {
    this.#most = most;
    this.#left = most;
  }

  /** Throws `pdf.limit` when it is used up. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw overLimit('work', this.#most);
  }
}
