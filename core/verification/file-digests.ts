import { createHash, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ByteSource } from '../pdf/byte-source.ts';
import { newHash } from '../trust/digest.ts';
import type { DigestName } from '../trust/signature-algorithm.ts';
import type { SignedRange } from './byte-range.ts';

const chunkBytes = 512 * 1024;

/** Feeds a stretch of the file to a hash piece by piece; other work runs between the pieces. */
async function feed(source: ByteSource, hash: Hash, start: number, end: number): Promise<void> {
  if (end - start <= chunkBytes) {
    const length = Math.max(0, end - start);
    hash.update(source.view?.(start, length) ?? source.read(start, length));
    return;
  }
  if (source.readBeside) {
    await feedAhead(source.readBeside.bind(source), hash, start, end);
    return;
  }
  for (let offset = start; offset < end; offset += chunkBytes) {
    const length = Math.min(chunkBytes, end - offset);
    hash.update(source.view?.(offset, length) ?? source.read(offset, length));
    await setImmediate();
  }
}

type ReadBeside = NonNullable<ByteSource['readBeside']>;

/**
 * Hashes one piece while the next is read on another thread. Two buffers for the whole pass: fresh ones would pile up until the
 * collector comes, a hundred megabytes high.
 */
async function feedAhead(read: ReadBeside, hash: Hash, start: number, end: number): Promise<void> {
  const size = Math.max(0, Math.min(chunkBytes, end - start));
  let [own, other] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  const piece = (offset: number): Promise<number> =>
    read(own.subarray(0, Math.min(size, end - offset)), offset);
  let reading = piece(start);
  for (let offset = start; offset < end; offset += size) {
    const chunk = own.subarray(0, await reading);
    [own, other] = [other, own];
    if (offset + size < end) {
      reading = piece(offset + size);
      reading.catch(() => undefined); // awaited in the next turn
    }
    hash.update(chunk);
  }
}

/**
 * Digests of a file and of what its signatures cover, from one pass: the state of the file's own SHA-256 at the
 * beginning of each signature's gap is kept, and only the short rest behind the gap is read again.
 */
export class FileDigests {
  readonly #source: ByteSource;
  readonly #states: ReadonlyMap<number, Hash>;
  /** SHA-256 of the whole file, lower-case hex. */
  readonly sha256: string;

  private constructor(source: ByteSource, sha256: string, states: ReadonlyMap<number, Hash>) {
    this.#source = source;
    this.sha256 = sha256;
    this.#states = states;
  }

  static async read(source: ByteSource, ranges: Iterable<SignedRange>): Promise<FileDigests> {
    const marks = [...new Set([...ranges].map(({ gapStart }) => gapStart))].sort((a, b) => a - b);
    const states = new Map<number, Hash>();
    const { hashed } = source;
    // No use to a gap before its end.
    const known = hashed && marks.every((mark) => mark >= hashed.bytes) ? hashed : undefined;
    const hash = known?.state.copy() ?? createHash('sha256');
    let position = known?.bytes ?? 0;
    for (const mark of marks) {
      await feed(source, hash, position, mark);
      states.set(mark, hash.copy());
      position = mark;
    }
    await feed(source, hash, position, source.size);
    return new FileDigests(source, hash.digest('hex'), states);
  }

  /** Digest of what a signature covers: everything up to `end` but the gap. */
  async ofRange({ gapStart, gapEnd, end }: SignedRange, algorithm: DigestName): Promise<Uint8Array> {
    const state = algorithm === 'sha256' ? this.#states.get(gapStart)?.copy() : undefined;
    const hash = state ?? newHash(algorithm);
    if (!state) await feed(this.#source, hash, 0, gapStart);
    await feed(this.#source, hash, gapEnd, end);
    return hash.digest();
  }
}

const trace = Buffer.from('/ByteRange', 'latin1');

/** Whether `/ByteRange` stands anywhere: the trace of a signature, reachable or not. */
export async function hasSignatureTrace(source: ByteSource): Promise<boolean> {
  let tail: Uint8Array = new Uint8Array();
  for (let offset = 0; offset < source.size; offset += chunkBytes) {
    const chunk = source.read(offset, chunkBytes);
    if (chunk.includes(trace) || Buffer.concat([tail, chunk.subarray(0, 9)]).includes(trace)) return true;
    tail = chunk.subarray(-9);
    await setImmediate();
  }
  return false;
}
