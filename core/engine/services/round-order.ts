import { AnThuError, asAnThuError } from '../../shared/errors.ts';
import { endsRound } from '../../sync/failure.ts';

/** One thing to be done with the province: an operation to send, a package to fetch or to acknowledge. */
export interface Errand {
  /** The same for the same thing in every round. */
  readonly key: string;
  /** Throws only what concerns the whole round. */
  readonly run: () => Promise<void>;
}

/** Of things that disappeared without an end (a package that was taken back) no more are remembered. */
const MOST_REMEMBERED = 1_000;

/**
 * Whose turn it is. An errand at which a round ended (the connection broke off, the province said it was overloaded) is the last of
 * the next rounds, the one that ended a round longest ago before the others: whatever always fails holds up nothing else.
 */
export class RoundOrder {
  /** In the order in which rounds ended at them, the latest last. */
  readonly #enders = new Set<string>();
  #last: ReadonlySet<string> = new Set();
  #stopped = false;
  readonly #kept = new Map<string, Errand>();

  begin(): void {
    this.#last = new Set(this.#enders);
    this.#kept.clear();
  }

  /** Errands kept so far for the end of this round. */
  get kept(): number {
    return this.#kept.size;
  }

  isKept(key: string): boolean {
    return this.#kept.has(key);
  }

  /** Runs an errand, or keeps it for the end of the round. */
  async take(errand: Errand): Promise<void> {
    if (this.#last.has(errand.key)) this.#kept.set(errand.key, errand);
    else await this.#run(errand);
  }

  /** Runs what was kept. */
  async finish(): Promise<void> {
    for (const key of this.#last) {
      const errand = this.#kept.get(key);
      if (errand) await this.#run(errand);
    }
  }

  /** Nothing more is begun. */
  stop(): void {
    this.#stopped = true;
  }

  async #run({ key, run }: Errand): Promise<void> {
    if (this.#stopped) throw new AnThuError('engine.stopping');
    try {
      await run();
      this.#enders.delete(key);
    } catch (thrown) {
      this.#enders.delete(key);
      if (endsRound(asAnThuError(thrown))) this.#remember(key);
      throw thrown;
    }
  }

  #remember(key: string): void {
    this.#enders.add(key);
    const [longestAgo] = this.#enders;
    if (this.#enders.size > MOST_REMEMBERED && longestAgo !== undefined) this.#enders.delete(longestAgo);
  }
}
