import { bufferSource, type ByteSource } from './byte-source.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';
import { ObjectParser } from './object-parser.ts';
import { isName, PdfName, PdfStream, type PdfObject } from './objects.ts';

/** Decoded bytes kept. */
const CACHED_BYTES = 48 * 1024 * 1024;

interface OpenObjectStream {
  readonly source: ByteSource;
  /** Object number and offset of each object, one pair after another. */
  readonly heads: Uint32Array;
}

interface StreamReader {
  decodeStream(stream: PdfStream): Uint8Array;
}

/** Objects inside object streams; a few decoded streams are kept, and all expansion is counted. */
export class ObjectStreams {
  readonly #limits: PdfLimits;
  readonly #loadObject: (num: number) => PdfObject;
  readonly #open = new Map<number, OpenObjectStream>();
  #expandedBytes = 0;
  #cachedBytes = 0;

  constructor(limits: PdfLimits, loadObject: (num: number) => PdfObject) {
    this.#limits = limits;
    this.#loadObject = loadObject;
  }

  /** A parser before the object `num`, which stands at `index` of the object stream `streamNum`. */
  parserAt(reader: StreamReader, streamNum: number, index: number, num: number): ObjectParser {
    const { source, heads } = this.#stream(reader, streamNum);
    const offset = heads[2 * index + 1];
    if (offset === undefined || heads[2 * index] !== num) throw damaged('object-stream');
    return new ObjectParser(source, offset, this.#limits, 'none');
  }

  /** Object numbers that the stream says it holds, by index. */
  numbers(reader: StreamReader, streamNum: number): number[] {
    const { heads } = this.#stream(reader, streamNum);
    return Array.from({ length: heads.length / 2 }, (_, index) => heads[2 * index] ?? -1);
  }

  #stream(reader: StreamReader, streamNum: number): OpenObjectStream {
    const known = this.#open.get(streamNum);
    if (known) return known;
    const stream = this.#loadObject(streamNum);
    if (!(stream instanceof PdfStream)) throw damaged('object-stream');
    const type = stream.dict.get('Type');
    // What stands twice with two values (/First, /N, /Filter) makes readers find other objects.
    if (!(type instanceof PdfName) || type.value !== 'ObjStm' || stream.dict.duplicates.length > 0)
      throw damaged('object-stream');
    // Ghostscript does not undo this one here (tried).
    const filters = [stream.dict.get('Filter') ?? []].flat();
    if (filters.some((filter) => isName(filter, 'Crypt'))) throw damaged('object-stream');
    const count = stream.dict.get('N');
    const first = stream.dict.get('First');
    if (typeof count !== 'number' || typeof first !== 'number' || first < 0) throw damaged('object-stream');
    if (count > this.#limits.objects) throw overLimit('objects', this.#limits.objects);
    const data = reader.decodeStream(stream);
    this.#expandedBytes += data.length;
    if (this.#expandedBytes > this.#limits.totalStreamBytes)
      throw overLimit('totalStreamBytes', this.#limits.totalStreamBytes);
    const opened = { source: bufferSource(data), heads: readHeads(data, count, first, this.#limits) };
    for (const [oldest, other] of this.#open) {
      if (this.#cachedBytes + bytesOf(opened) <= CACHED_BYTES) break;
      this.#open.delete(oldest);
      this.#cachedBytes -= bytesOf(other);
    }
    this.#cachedBytes += bytesOf(opened);
    this.#open.set(streamNum, opened);
    return opened;
  }
}

const bytesOf = ({ source, heads }: OpenObjectStream): number => source.size + heads.byteLength;

/** Numbers beyond this are of no object; offsets beyond it, of none either. */
const BEYOND = 0xffff_ffff;

function readHeads(data: Uint8Array, count: number, first: number, limits: PdfLimits): Uint32Array {
  const parser = new ObjectParser(bufferSource(data.subarray(0, first)), 0, limits, 'none');
  // A pair takes four bytes at least, whatever /N says.
  if (!Number.isSafeInteger(count) || count < 0 || count * 4 > first + 1) throw damaged('object-stream');
  const heads = new Uint32Array(2 * count);
  let before = -1;
  for (let i = 0; i < count; i++) {
    const num = parser.tryInteger();
    const offset = parser.tryInteger();
    if (num === undefined || offset === undefined) throw damaged('object-stream');
    heads[2 * i] = Math.min(num, BEYOND);
    heads[2 * i + 1] = Math.min(first + offset, BEYOND);
    // ISO 32000-1 7.5.7: in increasing order; poppler and pdf.js find no objects in others (tried).
    if (offset <= before) throw damaged('object-stream');
    before = offset;
  }
  return heads;
}
