import type { ByteSource } from './byte-source.ts';
import { code, hexValue, isDigit, isRegular, isWhitespace } from './characters.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from './objects.ts';

/** Even, so that a piece ends between two digit pairs. */
const HEX_PIECE_BYTES = 65_536;
/** Shorter strings are read digit by digit. */
const SHORT_HEX_BYTES = 512;

/** Of a number that runs into what follows it. */
const MOST_DIGITS = 10;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** An indirect object as read at its offset. */
export interface IndirectObject {
  readonly num: number;
  readonly gen: number;
  readonly object: PdfObject;
  /** Offset after the object, before `endobj` (for a stream: before its data). */
  readonly end: number;
  /** Set for a number that runs into its `endobj`, as some scanners' lengths do: not every reader sees it. */
  readonly glued?: true;
}

/**
 * A cursor that reads PDF syntax from a source. Strict: what is not well-formed throws `pdf.damaged`, what is
 * too deep or too large throws `pdf.limit`.
 */
export class ObjectParser {
  position: number;
  readonly #source: ByteSource;
  readonly #limits: PdfLimits;
  readonly #spans: 'file' | 'none';
  #items = 0;

  /** `spans: 'file'` records where strings stand. */
  constructor(source: ByteSource, position: number, limits: PdfLimits, spans: 'file' | 'none' = 'file') {
    this.#source = source;
    this.position = position;
    this.#limits = limits;
    this.#spans = spans;
  }

  /** Skips white space and comments. */
  skipSpace(): void {
    for (;;) {
      const byte = this.#source.byteAt(this.position);
      if (isWhitespace(byte)) this.position++;
      else if (byte === code.percent) this.#skipLine();
      else return;
    }
  }

  /** The run of regular characters at the cursor, after white space; empty at a delimiter or the end. */
  keyword(): string {
    this.skipSpace();
    return this.#regularRun(128);
  }

  /** Reads `word` or leaves the cursor where it was. */
  tryKeyword(word: string): boolean {
    const before = this.position;
    if (this.keyword() === word) return true;
    this.position = before;
    return false;
  }

  /** A non-negative integer of at most 15 digits, or undefined with the cursor unmoved. */
  tryInteger(): number | undefined {
    const before = this.position;
    this.skipSpace();
    const start = this.position;
    let value = 0;
    for (;;) {
      const byte = this.#source.byteAt(this.position);
      if (!isDigit(byte)) break;
      value = value * 10 + byte - 0x30;
      this.position++;
    }
    const length = this.position - start;
    if (length > 0 && length <= 15 && !isRegular(this.#source.byteAt(this.position))) return value;
    this.position = before;
    return undefined;
  }

  /** `n g obj`, the object and, when it is a stream, the start of its data. */
  indirectObject(): IndirectObject {
    const start = this.position;
    const num = this.tryInteger();
    const gen = this.tryInteger();
    if (num === undefined || gen === undefined || !this.#tryObj()) throw damaged('object-header', start);
    this.#items = 0;
    if (this.#isEndobjNext()) return { num, gen, object: null, end: this.position };
    const glued = this.#tryGluedNumber();
    if (glued !== undefined) return { num, gen, object: glued, end: this.position, glued: true };
    const object = this.object();
    if (!(object instanceof PdfDict)) return { num, gen, object, end: this.position };
    const afterDict = this.position;
    if (!this.tryKeyword('stream')) return { num, gen, object, end: afterDict };
    if (this.#source.byteAt(this.position) === code.cr) this.position++;
    if (this.#source.byteAt(this.position) === code.lf) this.position++;
    return {
      num,
      gen,
      object: new PdfStream(object, { start: this.position }),
      end: this.position,
    };
  }

  /** Any direct object or reference. */
  object(depth = 0): PdfObject {
    if (depth > this.#limits.depth) throw overLimit('depth', this.#limits.depth);
    if (++this.#items > this.#limits.items) throw overLimit('items', this.#limits.items);
    this.skipSpace();
    const byte = this.#source.byteAt(this.position);
    switch (byte) {
      case code.slash:
        return this.#name();
      case code.parenOpen:
        return this.#literalString();
      case code.bracketOpen:
        return this.#array(depth);
      case code.less:
        return this.#source.byteAt(this.position + 1) === code.less
          ? this.#dictionary(depth)
          : this.#hexString();
      default:
        return this.#numberOrKeyword(byte);
    }
  }

  #tryObj(): boolean {
    this.skipSpace();
    if (!this.#stands('obj')) return false;
    this.position += 3;
    return true;
  }

  #stands(text: string): boolean {
    for (let index = 0; index < text.length; index++)
      if (this.#source.byteAt(this.position + index) !== text.charCodeAt(index)) return false;
    return true;
  }

  #isEndobjNext(): boolean {
    this.skipSpace();
    return this.#stands('endobj');
  }

  /** `20184endobj`, read up to the `endobj`. */
  #tryGluedNumber(): number | undefined {
    const start = this.position;
    let value = 0;
    for (let digits = 0; digits <= MOST_DIGITS && isDigit(this.#source.byteAt(this.position)); digits++)
      value = value * 10 + this.#source.byteAt(this.position++) - 0x30;
    if (this.position > start && this.#stands('endobj')) return value;
    this.position = start;
    return undefined;
  }

  #numberOrKeyword(first: number): PdfObject {
    const start = this.position;
    if (isDigit(first)) {
      const reference = this.#tryReference();
      if (reference) return reference;
    }
    const text = this.#regularRun(64);
    if (NUMBER.test(text)) return Number(text);
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (text === 'null') return null;
    throw damaged('object-syntax', start);
  }

  #tryReference(): PdfRef | undefined {
    const before = this.position;
    const num = this.tryInteger();
    if (num !== undefined && isWhitespace(this.#source.byteAt(this.position))) {
      const gen = this.tryInteger();
      if (gen !== undefined && this.tryKeyword('R')) return new PdfRef(num, gen);
    }
    this.position = before;
    return undefined;
  }

  #regularRun(max: number): string {
    let text = '';
    for (;;) {
      const byte = this.#source.byteAt(this.position);
      if (!isRegular(byte)) return text;
      if (text.length >= max) throw damaged('object-syntax', this.position);
      text += String.fromCharCode(byte);
      this.position++;
    }
  }

  #name(): PdfName {
    const start = this.position++;
    let text = '';
    for (;;) {
      const byte = this.#source.byteAt(this.position);
      if (!isRegular(byte)) return new PdfName(text);
      if (text.length > 4096) throw damaged('object-syntax', start);
      const high = byte === code.hash ? hexValue(this.#source.byteAt(this.position + 1)) : -1;
      const low = high >= 0 ? hexValue(this.#source.byteAt(this.position + 2)) : -1;
      if (low >= 0) {
        text += String.fromCharCode(high * 16 + low);
        this.position += 3;
      } else {
        text += String.fromCharCode(byte);
        this.position++;
      }
    }
  }

  #array(depth: number): PdfObject[] {
    this.position++;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      const byte = this.#source.byteAt(this.position);
      if (byte === code.bracketClose) {
        this.position++;
        return items;
      }
      if (byte < 0) throw damaged('object-syntax', this.position);
      items.push(this.object(depth + 1));
    }
  }

  #dictionary(depth: number): PdfDict {
    this.position += 2;
    const entries = new Map<string, PdfObject>();
    const duplicates: string[] = [];
    for (;;) {
      this.skipSpace();
      const byte = this.#source.byteAt(this.position);
      if (byte === code.greater && this.#source.byteAt(this.position + 1) === code.greater) {
        this.position += 2;
        return new PdfDict(entries, duplicates);
      }
      if (byte !== code.slash) throw damaged('object-syntax', this.position);
      const key = this.#name().value;
      const value = this.object(depth + 1);
      const earlier = entries.get(key);
      if (earlier !== undefined && !isSameWord(earlier, value)) duplicates.push(key);
      entries.set(key, value);
    }
  }

  #hexString(): PdfString {
    const start = this.position++;
    const long = this.#longHexString(start);
    if (long) return long;
    const bytes = new ByteCollector(this.#limits);
    let high = -1;
    for (;;) {
      const byte = this.#source.byteAt(this.position++);
      if (byte === code.greater) break;
      const value = hexValue(byte);
      if (value < 0) {
        if (isWhitespace(byte)) continue;
        throw damaged('object-syntax', start);
      }
      if (high < 0) high = value;
      else {
        bytes.push(high * 16 + value);
        high = -1;
      }
    }
    if (high >= 0) bytes.push(high * 16);
    return new PdfString(bytes.take(), 'hex', this.#span(start));
  }

  /** A long string of nothing but digit pairs, as /Contents is, decoded in pieces; undefined for any other. */
  #longHexString(start: number): PdfString | undefined {
    let at = this.position;
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const isFirst = pieces.length === 0;
      const piece = this.#piece(at, isFirst ? SHORT_HEX_BYTES : HEX_PIECE_BYTES);
      const end = piece.indexOf(code.greater);
      if (isFirst && end >= 0) return undefined;
      const digits = end < 0 ? piece.length : end;
      const bytes = Buffer.from(piece.toString('latin1', 0, digits), 'hex');
      // Decoding stops at what is no digit pair.
      if (bytes.length * 2 !== digits || (digits === 0 && end < 0)) return undefined;
      length += bytes.length;
      if (length > this.#limits.stringBytes) throw overLimit('stringBytes', this.#limits.stringBytes);
      pieces.push(bytes);
      at += digits;
      if (end >= 0) break;
    }
    this.position = at + 1;
    return new PdfString(Buffer.concat(pieces), 'hex', this.#span(start));
  }

  /** Bytes that are only looked at: not copied where they are in memory. */
  #piece(offset: number, length: number): Buffer {
    const view = this.#source.view?.(offset, length);
    return view ? Buffer.from(view.buffer, view.byteOffset, view.length) : this.#source.read(offset, length);
  }

  #literalString(): PdfString {
    const start = this.position++;
    const bytes = new ByteCollector(this.#limits);
    let open = 1;
    for (;;) {
      const byte = this.#source.byteAt(this.position++);
      if (byte < 0) throw damaged('object-syntax', start);
      if (byte === code.backslash) {
        this.#escape(bytes);
        continue;
      }
      if (byte === code.parenOpen) open++;
      if (byte === code.parenClose && --open === 0) break;
      if (byte === code.cr) {
        if (this.#source.byteAt(this.position) === code.lf) this.position++;
        bytes.push(code.lf);
      } else bytes.push(byte);
    }
    return new PdfString(bytes.take(), 'literal', this.#span(start));
  }

  #escape(bytes: ByteCollector): void {
    const byte = this.#source.byteAt(this.position++);
    const simple = ESCAPES.get(byte);
    if (simple !== undefined) bytes.push(simple);
    else if (byte === code.cr) {
      if (this.#source.byteAt(this.position) === code.lf) this.position++;
    } else if (byte === code.lf) return;
    else if (byte >= 0x30 && byte <= 0x37) {
      let value = byte - 0x30;
      for (let digits = 1; digits < 3; digits++) {
        const next = this.#source.byteAt(this.position);
        if (next < 0x30 || next > 0x37) break;
        value = value * 8 + next - 0x30;
        this.position++;
      }
      bytes.push(value & 0xff);
    } else if (byte >= 0) bytes.push(byte);
  }

  #span(start: number): { start: number; end: number } | undefined {
    return this.#spans === 'file' ? { start, end: this.position } : undefined;
  }

  #skipLine(): void {
    for (;;) {
      const byte = this.#source.byteAt(this.position);
      if (byte < 0 || byte === code.lf || byte === code.cr) return;
      this.position++;
    }
  }
}

/** The same word twice tells every reader the same; some writers repeat /Type. */
function isSameWord(a: PdfObject, b: PdfObject): boolean {
  if (a instanceof PdfName) return b instanceof PdfName && a.value === b.value;
  if (a instanceof PdfRef) return b instanceof PdfRef && a.num === b.num && a.gen === b.gen;
  return (typeof a === 'number' || typeof a === 'boolean') && a === b;
}

const ESCAPES = new Map<number, number>([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

/** Gathers bytes in a buffer that doubles. */
class ByteCollector {
  #bytes: Buffer = Buffer.alloc(64);
  #length = 0;
  readonly #limits: PdfLimits;
  constructor(limits: PdfLimits) {
    this.#limits = limits;
  }
  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      if (this.#length >= this.#limits.stringBytes) throw overLimit('stringBytes', this.#limits.stringBytes);
      const larger = Buffer.alloc(this.#length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
