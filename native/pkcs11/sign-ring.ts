/** Places for signatures between the two threads: as many as can be handed over before the first one is fetched. */
export const RING_PLACES = 4;

/** Longest input of C_Sign: DigestInfo of SHA-512 is 83 bytes. */
const INPUT_BYTES = 128;

/** Large enough for RSA-8192; a token must not answer CKR_BUFFER_TOO_SMALL. */
export const SIGNATURE_BYTES = 1024;

const PLACE_BYTES = INPUT_BYTES + SIGNATURE_BYTES;

/** How many were handed over and how many are done, then of each place: lane, length of the input, outcome, length of the output. */
const ASKED = 0;
const DONE = 1;
const WORDS_A_PLACE = 4;
const WORDS = 2 + WORDS_A_PLACE * RING_PLACES;
const HEAD_BYTES = WORDS * Int32Array.BYTES_PER_ELEMENT;

/** What became of a signature on the other thread. Of one that failed the output is what pkcs11js says, in UTF-8. */
const outcomes = ['signed', 'not-begun', 'load', 'C_SignInit', 'C_Sign'] as const;
export type RingOutcome = (typeof outcomes)[number];

/**
 * Memory through which a token host's main thread hands what is to be signed to the driver thread, and gets the signatures
 * back. Works in order: the number `n` (from 0) of a signature says its place. The driver thread sleeps on it when nothing is there.
 */
export class SignRing {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(HEAD_BYTES + RING_PLACES * PLACE_BYTES)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#bytes = new Uint8Array(memory, HEAD_BYTES);
  }

  /** Main thread: hands the `n`th input over, for the key of `lane`. At most {@link RING_PLACES} may be unfetched. */
  ask(n: number, lane: number, input: Uint8Array): void {
    if (input.length > INPUT_BYTES) throw new RangeError(`${input.length} bytes are too many to sign`);
    this.#words.set([lane, input.length], wordsOf(n));
    this.#bytes.set(input, inputOf(n));
    Atomics.store(this.#words, ASKED, n + 1);
    Atomics.notify(this.#words, ASKED);
  }

  /** Driver thread: waits for the `n`th and returns its lane and a copy of its input. */
  take(n: number): { lane: number; input: Buffer } {
    while (Atomics.load(this.#words, ASKED) === n) Atomics.wait(this.#words, ASKED, n);
    const [lane = 0, length = 0] = this.#words.subarray(wordsOf(n));
    // Not a view: native code does not look into shared memory.
    return { lane, input: Buffer.from(this.#bytes.subarray(inputOf(n), inputOf(n) + length)) };
  }

  /** Driver thread: leaves what became of the `n`th; returns how many are waiting behind it. */
  give(n: number, outcome: RingOutcome, output: Uint8Array): number {
    const bytes = output.subarray(0, SIGNATURE_BYTES);
    this.#words.set([outcomes.indexOf(outcome), bytes.length], wordsOf(n) + 2);
    this.#bytes.set(bytes, outputOf(n));
    Atomics.store(this.#words, DONE, n + 1);
    return Atomics.load(this.#words, ASKED) - n - 1;
  }

  /** Main thread: what became of the `n`th, with a copy of its output; undefined while it is not done. */
  fetch(n: number): { outcome: RingOutcome; output: Uint8Array } | undefined {
    if (Atomics.load(this.#words, DONE) <= n) return undefined;
    const [outcome = 1, length = 0] = this.#words.subarray(wordsOf(n) + 2);
    return {
      outcome: outcomes[outcome] ?? 'not-begun',
      output: this.#bytes.slice(outputOf(n), outputOf(n) + length),
    };
  }
}

const wordsOf = (n: number): number => 2 + WORDS_A_PLACE * (n % RING_PLACES);
const inputOf = (n: number): number => PLACE_BYTES * (n % RING_PLACES);
const outputOf = (n: number): number => inputOf(n) + INPUT_BYTES;
