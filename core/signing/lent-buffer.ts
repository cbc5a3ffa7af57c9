/** Sizes in which buffers are kept. */
const STEP_BYTES = 512 * 1024;
/** A batch has so many small files in hand in one thread; of large ones fewer are kept. */
const KEPT = 24;
const KEPT_BYTES = 24 * STEP_BYTES;
const kept: Buffer[] = [];

/** A buffer of exactly the size asked for, on loan: its memory is used again for the next one. */
export interface LentBuffer extends Disposable {
  readonly bytes: Buffer;
}

/**
 * Lends a buffer for a whole file. A fresh one for each file would cost as much in page faults as hashing it, and pile up
 * until the collector comes. Nothing may hold a view of it after it was given back.
 */
export function lendBuffer(size: number): LentBuffer {
  const index = kept.findIndex(({ length }) => length >= size);
  const [whole = Buffer.allocUnsafeSlow(Math.ceil(size / STEP_BYTES) * STEP_BYTES)] =
    index < 0 ? [] : kept.splice(index, 1);
  return {
    bytes: whole.subarray(0, size),
    [Symbol.dispose]: () => {
      const bytes = kept.reduce((sum, { length }) => sum + length, whole.length);
      if (kept.length < KEPT && bytes <= KEPT_BYTES) kept.push(whole);
    },
  };
}
