/** The object types of PDF (ISO 32000 names) as values. Numbers, booleans, null and arrays are JavaScript's own. */
export type PdfObject =
  null | boolean | number | PdfName | PdfString | PdfRef | PdfObject[] | PdfDict | PdfStream | PdfRaw;

/** A name. `value` holds one character a byte, after `#xx` was undone. */
export class PdfName {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

/** Where a token stands in the file: `start` at its first delimiter, `end` after its last. */
export interface TokenSpan {
  readonly start: number;
  readonly end: number;
}

/** A string's bytes. `span` is set when the string was read from the file itself, not from an object stream. */
export class PdfString {
  readonly bytes: Uint8Array;
  readonly notation: 'literal' | 'hex';
  readonly span: TokenSpan | undefined;
  constructor(bytes: Uint8Array, notation: 'literal' | 'hex' = 'literal', span?: TokenSpan) {
    this.bytes = bytes;
    this.notation = notation;
    this.span = span;
  }
}

/** An indirect reference. */
export class PdfRef {
  readonly num: number;
  readonly gen: number;
  constructor(num: number, gen = 0) {
    this.num = num;
    this.gen = gen;
  }
}

const NONE: readonly string[] = [];

/** A dictionary. Keys keep their order; `duplicates` lists keys that stood twice (the last one wins). */
export class PdfDict {
  readonly entries: Map<string, PdfObject>;
  readonly duplicates: readonly string[];
  constructor(
    entries: Map<string, PdfObject> | Record<string, PdfObject> = new Map(),
    duplicates: readonly string[] = NONE,
  ) {
    this.entries = entries instanceof Map ? entries : new Map(Object.entries(entries));
    this.duplicates = duplicates;
  }
  /** The entry as written (a reference stays a reference); `undefined` when absent. */
  get(key: string): PdfObject | undefined {
    return this.entries.get(key);
  }
  /** A copy with some entries replaced; `undefined` removes one. */
  with(changes: Record<string, PdfObject | undefined>): PdfDict {
    const entries = new Map(this.entries);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) entries.delete(key);
      else entries.set(key, value);
    }
    return new PdfDict(entries);
  }
}

/**
 * Where a stream's raw bytes start in the file, and in an encrypted one its object, whose number the key depends on; or
 * the bytes themselves for a new stream.
 */
type StreamData =
  | { readonly start: number; readonly owner?: { readonly num: number; readonly gen: number } }
  | { readonly bytes: Uint8Array };

/** A stream: its dictionary and its data. */
export class PdfStream {
  readonly dict: PdfDict;
  readonly data: StreamData;
  constructor(dict: PdfDict, data: StreamData) {
    this.dict = dict;
    this.data = data;
  }
}

/** Bytes written as they stand, with a mark by which the writer reports their place. Only in what we write. */
export class PdfRaw {
  readonly bytes: Uint8Array;
  readonly mark: string;
  constructor(bytes: Uint8Array, mark: string) {
    this.bytes = bytes;
    this.mark = mark;
  }
}

/** Whether an object is this name. */
export function isName(object: PdfObject | undefined, value: string): boolean {
  return object instanceof PdfName && object.value === value;
}

/** Text of a text string: UTF-16BE or UTF-8 with its mark, else one byte a character. */
export function textOf(value: PdfString): string {
  const bytes = Buffer.from(value.bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3).toString('utf8');
  return bytes.toString('latin1');
}

/** A text string: plain bytes when ASCII, else UTF-16BE with its mark. */
export function textString(text: string): PdfString {
  // eslint-disable-next-line no-control-regex
  if (/^[\x20-\x7e]*$/.test(text)) return new PdfString(Buffer.from(text, 'latin1'));
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return new PdfString(utf16, 'hex');
}
