import type { Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { AnThuError } from '../shared/errors.ts';
import { READ_AT_ONCE } from '../shared/read-flags.ts';

/** Random access to a file's bytes without holding the file. */
export interface ByteSource {
  readonly size: number;
  /** The byte at `offset`, or -1 outside. */
  byteAt(offset: number): number;
  /**
   * The stretch of memory that holds `offset`; empty outside. Only for what is read at once: its bytes may become others when the
   * source is asked for anything else.
   */
  windowAt(offset: number): SourceWindow;
  /** A copy of the bytes from `offset`, cut at the end of the source. */
  read(offset: number, length: number): Buffer;
  /** Fills `target` from `offset` and gives how many bytes were there: for passes over the whole file without garbage. */
  readInto?(target: Buffer, offset: number): number;
  /** The same on another thread, so that what was read before can be worked on meanwhile. */
  readBeside?(target: Buffer, offset: number): Promise<number>;
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

/** Bytes in memory and where in the source they begin. */
export interface SourceWindow {
  readonly start: number;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();
const readAsync = promisify(read);

/** Blocks are small because page objects lie scattered between large images. */
const BLOCK_BYTES = 8192;
const CACHED_BLOCKS = 128;

interface Block extends SourceWindow {
  readonly whole: Buffer;
}

/** Positional, cached reads of a file; `size` may stop short of the file's end to see an earlier revision. */
class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;
  readonly #blocks = new Map<number, Block>();
  #current: SourceWindow = { start: 0, bytes: NOTHING };

  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.size = size;
  }

  byteAt(offset: number): number {
    const { start, bytes } = this.windowAt(offset);
    return bytes[offset - start] ?? -1;
  }

  windowAt(offset: number): SourceWindow {
    const { start, bytes } = this.#current;
    if (offset >= start && offset < start + bytes.length) return this.#current;
    if (offset < 0 || offset >= this.size) return { start: offset, bytes: NOTHING };
    return (this.#current = this.#block(Math.floor(offset / BLOCK_BYTES)));
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

  async readBeside(target: Buffer, offset: number): Promise<number> {
    const wanted = Math.max(0, Math.min(target.length, this.size - offset));
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await readAsync(this.#fd, target, filled, wanted - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #block(index: number): Block {
    const known = this.#blocks.get(index);
    if (known) return known;
    const whole = this.#roomForBlock();
    const start = index * BLOCK_BYTES;
    const block = { whole, start, bytes: whole.subarray(0, this.readInto(whole, start)) };
    this.#blocks.set(index, block);
    return block;
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
    fd = openSync(path, READ_AT_ONCE);
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
  const whole: SourceWindow = { start: 0, bytes };
  return {
    ...(hashed && { hashed }),
    size: bytes.length,
    windowAt: () => whole,
    byteAt: (offset) => bytes[offset] ?? -1,
    read: (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
    view: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => {},
  };
}
