import type { ByteSource, SourceWindow } from '../pdf/byte-source.ts';
import { AnThuError } from '../shared/errors.ts';
import { CHUNK_BYTES } from './chunk-bytes.ts';

/** How a part must begin. */
export interface ExpectedPrefix {
  readonly inputPath: string;
  readonly inputBytes: number;
}

/**
 * A part file as its verifier reads it. What is read in passes over the whole file is compared with the input on the way;
 * how far that went, and whether anything differed, is asked afterwards ({@link compareRest}): a reader is only ever given
 * what stands in the part.
 */
export class ComparedPart implements ByteSource {
  readonly size: number;
  readonly #part: ByteSource;
  readonly #input: ByteSource;
  readonly #expected: ExpectedPrefix;
  /** Everything before it was compared. */
  #compared = 0;
  #difference: AnThuError | undefined;
  #other = Buffer.alloc(0);

  constructor(part: ByteSource, input: ByteSource, expected: ExpectedPrefix) {
    this.size = part.size;
    this.#part = part;
    this.#input = input;
    this.#expected = expected;
  }

  byteAt(offset: number): number {
    return this.#part.byteAt(offset);
  }

  windowAt(offset: number): SourceWindow {
    return this.#part.windowAt(offset);
  }

  read(offset: number, length: number): Buffer {
    return this.#part.read(offset, length);
  }

  /** One at a time. */
  async readBeside(target: Buffer, offset: number): Promise<number> {
    const wanted = Math.max(0, Math.min(target.length, this.#expected.inputBytes - offset));
    if (offset !== this.#compared || wanted === 0) return await readFrom(this.#part, target, offset);
    if (this.#other.length < wanted) this.#other = Buffer.allocUnsafeSlow(wanted);
    const other = this.#other.subarray(0, wanted);
    const [filled, there] = await Promise.all([
      readFrom(this.#part, target, offset),
      readFrom(this.#input, other, offset),
    ]);
    this.#compare(target.subarray(0, Math.min(filled, wanted)), other.subarray(0, there), offset);
    this.#compared = offset + wanted;
    return filled;
  }

  /** The owner closes both files. */
  close(): void {}

  /** Compares what no pass over the file came by. Throws `signing.prefix-changed`, `signing.input-changed`. */
  async compareRest(): Promise<void> {
    const { inputBytes } = this.#expected;
    const target = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(0, inputBytes - this.#compared)));
    while (!this.#difference && this.#compared < inputBytes) await this.readBeside(target, this.#compared);
    if (this.#difference) throw this.#difference;
  }

  #compare(own: Buffer, other: Buffer, offset: number): void {
    if (this.#difference || own.equals(other)) return;
    this.#difference =
      other.length < own.length
        ? new AnThuError('signing.input-changed', { path: this.#expected.inputPath })
        : new AnThuError('signing.prefix-changed', { offset });
  }
}

async function readFrom(source: ByteSource, target: Buffer, offset: number): Promise<number> {
  if (source.readBeside) return await source.readBeside(target, offset);
  return source.read(offset, target.length).copy(target);
}
