import type { ByteSource } from './byte-source.ts';
import { code, hexValue, isDigit, isRegular, isWhitespace } from './characters.ts';
import { Cursor } from './cursor.ts';
import { damaged, overLimit } from './damage.ts';
import { nameAt } from './known-names.ts';
import type { PdfLimits } from './limits.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from './objects.ts';
import { readHexString, readLiteralString } from './string-tokens.ts';

const LONGEST_NAME = 4096;
const CAPITAL_R = 0x52;

/** Of a number that runs into what follows it. */
const MOST_DIGITS = 10;

/** What dictionaries and strings take in memory beside a number or reference, however empty: they count for so many items more. */
const [DICTIONARY_ITEMS, STRING_ITEMS] = [7, 3];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

const DIGITS = /^\d+$/;

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
export class ObjectParser extends Cursor {
  /** The highest object number that a reference read so far names; -1 before the first. */
  highestReference = -1;
  /** Whether a number read so far is written with a sign or a point. */
  sawOddNumber = false;
  readonly #limits: PdfLimits;
  readonly #spans: 'file' | 'none';
  #items = 0;

  /** `spans: 'file'` records where strings stand. */
  constructor(source: ByteSource, position: number, limits: PdfLimits, spans: 'file' | 'none' = 'file') {
    super(source, position);
    this.#limits = limits;
    this.#spans = spans;
  }

  /** Items of arrays and dictionaries read so far, of the last indirect object or since the beginning. */
  get items(): number {
    return this.#items;
  }

  /** The run of regular characters at the cursor, after white space; empty at a delimiter or the end. */
  keyword(): string {
    this.skipSpace();
    return this.regularRun(128);
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
      const byte = this.byteAt(this.position);
      if (!isDigit(byte)) break;
      value = value * 10 + byte - 0x30;
      this.position++;
    }
    const length = this.position - start;
    if (length > 0 && length <= 15 && !isRegular(this.byteAt(this.position))) return value;
    this.position = before;
    return undefined;
  }

  /** `n g obj`, the object and, when it is a stream, the start of its data. */
  indirectObject(): IndirectObject {
    this.skipSpace();
    const start = this.position;
    const num = this.tryInteger();
    const gen = this.tryInteger();
    if (num === undefined || gen === undefined || !this.#tryObj()) throw damaged('object-header', start);
    // Ghostscript does not find an object with a comment in between (tried).
    for (let at = start; at < this.position; at++)
      if (this.byteAt(at) === code.percent) throw damaged('object-header', start);
    this.#items = 0;
    if (this.#isEndobjNext()) return { num, gen, object: null, end: this.position };
    const glued = this.#tryGluedNumber();
    if (glued !== undefined) return { num, gen, object: glued, end: this.position, glued: true };
    const object = this.object();
    if (!(object instanceof PdfDict)) return { num, gen, object, end: this.position };
    const afterDict = this.position;
    if (!this.tryKeyword('stream')) return { num, gen, object, end: afterDict };
    if (this.byteAt(this.position) === code.cr) this.position++;
    if (this.byteAt(this.position) === code.lf) this.position++;
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
    this.#count(1);
    this.skipSpace();
    const byte = this.byteAt(this.position);
    switch (byte) {
      case code.slash:
        return this.#name();
      case code.parenOpen:
        return this.#literalString();
      case code.bracketOpen:
        return this.#array(depth);
      case code.less:
        return this.byteAt(this.position + 1) === code.less ? this.#dictionary(depth) : this.#hexString();
      default:
        return this.#numberOrKeyword(byte);
    }
  }

  #tryObj(): boolean {
    this.skipSpace();
    if (!this.stands('obj')) return false;
    this.position += 3;
    return true;
  }

  #isEndobjNext(): boolean {
    this.skipSpace();
    return this.stands('endobj');
  }

  /** `20184endobj`, read up to the `endobj`. */
  #tryGluedNumber(): number | undefined {
    const start = this.position;
    let value = 0;
    for (let digits = 0; digits <= MOST_DIGITS && isDigit(this.byteAt(this.position)); digits++)
      value = value * 10 + this.byteAt(this.position++) - 0x30;
    if (this.position > start && this.stands('endobj')) return value;
    this.position = start;
    return undefined;
  }

  #numberOrKeyword(first: number): PdfObject {
    const start = this.position;
    if (isDigit(first)) {
      const reference = this.#tryReference();
      if (reference) return reference;
    }
    const text = this.regularRun(64);
    if (NUMBER.test(text)) {
      if (!DIGITS.test(text)) this.sawOddNumber = true;
      return Number(text);
    }
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (text === 'null') return null;
    throw damaged('object-syntax', start);
  }

  #tryReference(): PdfRef | undefined {
    const before = this.position;
    const num = this.tryInteger();
    if (num !== undefined && isWhitespace(this.byteAt(this.position))) {
      const gen = this.tryInteger();
      if (gen !== undefined && this.#tryR()) {
        if (num > this.highestReference) this.highestReference = num;
        return new PdfRef(num, gen);
      }
    }
    this.position = before;
    return undefined;
  }

  #tryR(): boolean {
    this.skipSpace();
    if (this.byteAt(this.position) !== CAPITAL_R || isRegular(this.byteAt(this.position + 1))) return false;
    this.position++;
    return true;
  }

  #name(): PdfName {
    const start = this.position++;
    const plain = this.#plainName();
    if (plain) return plain;
    let text = '';
    for (;;) {
      const byte = this.byteAt(this.position);
      if (!isRegular(byte)) return new PdfName(text);
      if (text.length > LONGEST_NAME) throw damaged('object-syntax', start);
      const high = byte === code.hash ? hexValue(this.byteAt(this.position + 1)) : -1;
      const low = high >= 0 ? hexValue(this.byteAt(this.position + 2)) : -1;
      if (low >= 0) {
        text += String.fromCharCode(high * 16 + low);
        this.position += 3;
      } else {
        text += String.fromCharCode(byte);
        this.position++;
      }
    }
  }

  /** A name without `#` within the bytes at hand; undefined for any other. */
  #plainName(): PdfName | undefined {
    const from = this.atHand();
    const to = this.endOfRun(from);
    if (to < 0 || to - from > LONGEST_NAME) return undefined;
    for (let index = from; index < to; index++) if (this.bytes[index] === code.hash) return undefined;
    this.position += to - from;
    return nameAt(this.bytes, from, to);
  }

  #count(items: number): void {
    this.#items += items;
    if (this.#items > this.#limits.items) throw overLimit('items', this.#limits.items);
  }

  #array(depth: number): PdfObject[] {
    this.position++;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      const byte = this.byteAt(this.position);
      if (byte === code.bracketClose) {
        this.position++;
        return items;
      }
      if (byte < 0) throw damaged('object-syntax', this.position);
      items.push(this.object(depth + 1));
    }
  }

  #dictionary(depth: number): PdfDict {
    this.#count(DICTIONARY_ITEMS);
    this.position += 2;
    const entries = new Map<string, PdfObject>();
    let duplicates: string[] | undefined;
    for (;;) {
      this.skipSpace();
      const byte = this.byteAt(this.position);
      if (byte === code.greater && this.byteAt(this.position + 1) === code.greater) {
        this.position += 2;
        return new PdfDict(entries, duplicates);
      }
      if (byte !== code.slash) throw damaged('object-syntax', this.position);
      const key = this.#name().value;
      const value = this.object(depth + 1);
      const earlier = entries.get(key);
      if (earlier !== undefined && !isSameWord(earlier, value)) (duplicates ??= []).push(key);
      entries.set(key, value);
    }
  }

  #hexString(): PdfString {
    this.#count(STRING_ITEMS);
    const start = this.position;
    return new PdfString(readHexString(this, this.#limits), 'hex', this.#span(start));
  }

  #literalString(): PdfString {
    this.#count(STRING_ITEMS);
    const start = this.position;
    return new PdfString(readLiteralString(this, this.#limits), 'literal', this.#span(start));
  }

  #span(start: number): { start: number; end: number } | undefined {
    return this.#spans === 'file' ? { start, end: this.position } : undefined;
  }
}

/** The same said twice tells every reader the same; some writers repeat /Type or /MediaBox. */
function isSameWord(a: PdfObject, b: PdfObject): boolean {
  if (a instanceof PdfName) return b instanceof PdfName && a.value === b.value;
  if (a instanceof PdfRef) return b instanceof PdfRef && a.num === b.num && a.gen === b.gen;
  if (Array.isArray(a))
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, at) => isSameWord(item, b[at] ?? null))
    );
  return (typeof a === 'number' || typeof a === 'boolean' || a === null) && a === b;
}
