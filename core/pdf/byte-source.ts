import type { Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AnThuError } from '../shared/errors.ts';

/** Random access to a file's bytes without holding the file. */
export interface ByteSource {
  readonly size: number;
  /** The byte at `offset`, or -1 outside. */
  byteAt(offset: number): number;
  /** A copy of the bytes from `offset`, cut at the end of the source. */
  read(offset: number, length: number): Buffer;
  /** Fills `target` from `offset` and gives how many bytes were there: for passes over the whole file without garbage. */
  readInto?(target: Buffer, offset: number): number;
  /** The bytes themselves where they are in memory: for passes over the whole file. */
  view?(offset: number, length: number): Uint8Array;
  /** Where these very first bytes were hashed before: they need not be hashed again. */
  readonly hashed?: HashedBeginning;
  close(): void;
}

/** How far SHA-256 has come over the beginning of a file. */
export interface HashedBeginning {
  readonly bytes: number;
  /** After the last of them; to be copied, never fed. */
  readonly state: Hash;
}

/** Blocks are small because page objects lie scattered between large images. */
const BLOCK_BYTES = 8192;
const CACHED_BLOCKS = 128;

interface Block {
  readonly whole: Buffer;
  /** As much of it as the file fills. */
  readonly bytes: Buffer;
}

/** Positional, cached reads of a file; `size` may stop short of the file's end to see an earlier revision. */
class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;
  readonly #blocks = new Map<number, Block>();
  #current: Buffer = Buffer.alloc(0);
  #currentStart = 0;

  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.size = size;
  }

  byteAt(offset: number): number {
    const byte = this.#current[offset - this.#currentStart];
    if (byte !== undefined && offset < this.size) return byte;
    if (offset < 0 || offset >= this.size) return -1;
    const block = Math.floor(offset / BLOCK_BYTES);
    this.#current = this.#block(block);
    this.#currentStart = block * BLOCK_BYTES;
    return this.#current[offset - this.#currentStart] ?? -1;
  }

  read(offset: number, length: number): Buffer {
    const out = Buffer.alloc(Math.max(0, Math.min(length, this.size - offset)));
    return out.subarray(0, this.readInto(out, offset));
  }

  readInto(target: Buffer, offset: number): number {
    const wanted = Math.max(0, Math.min(target.length, this.size - offset));
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(this.#fd, target, filled, wanted - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #block(index: number): Buffer {
    const known = this.#blocks.get(index);
    if (known) return known.bytes;
    const whole = this.#roomForBlock();
    const bytes = whole.subarray(0, this.readInto(whole, index * BLOCK_BYTES));
    this.#blocks.set(index, { whole, bytes });
    return bytes;
  }

  /** The oldest block's memory is used again: fresh ones would pile up until the collector comes. */
  #roomForBlock(): Buffer {
    const oldest = this.#blocks.size < CACHED_BLOCKS ? undefined : this.#blocks.entries().next().value;
    if (!oldest) return Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#blocks.delete(oldest[0]);
    return oldest[1].whole;
  }
}

/** Opens a file for lazy reading. `endOffset` hides what follows it. Throws `general.no-such-input`. */
export function openFileSource(path: string, endOffset?: number): ByteSource {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new AnThuError('general.no-such-input', { path }, { cause });
  }
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw new AnThuError('general.no-such-input', { path });
  }
  return new FileSource(fd, Math.min(stat.size, endOffset ?? stat.size));
}

/** Bytes in memory as a source: object streams, templates, tests. `hashed` only for bytes known to be equal to those hashed. */
export function bufferSource(bytes: Uint8Array, hashed?: HashedBeginning): ByteSource {
  return {
    ...(hashed && { hashed }),
    size: bytes.length,
    byteAt: (offset) => bytes[offset] ?? -1,
    read: (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
    view: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => {},
  };
}
