import { code, hexValue, isWhitespace } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';

/** Even, so that a piece ends between two digit pairs. */
const HEX_PIECE_BYTES = 65_536;
/** The padding of /Contents, most of it as a rule, is known by comparison and not decoded. */
const PADDING = Buffer.alloc(1024, '0');
/** Longer strings are decoded in pieces. */
const SHORT_HEX_BYTES = 512;
/** V8 keeps arrays of bytes up to this size among its other objects, without memory of their own. */
const SMALL_BYTES = 64;

/** The bytes of the string in angle brackets at the cursor, which is left behind it. Throws `pdf.damaged`, `pdf.limit`. */
export function readHexString(cursor: Cursor, limits: PdfLimits): Uint8Array {
  const start = cursor.position++;
  return (
    shortHexString(cursor, start) ?? longHexString(cursor, limits) ?? looseHexString(cursor, start, limits)
  );
}

/** A string that ends soon, within the bytes at hand; undefined for any other. */
function shortHexString(cursor: Cursor, start: number): Uint8Array | undefined {
  const from = cursor.atHand();
  const { bytes } = cursor;
  const last = Math.min(bytes.length, from + SHORT_HEX_BYTES);
  let digits = 0;
  let end = from;
  for (; end < last && bytes[end] !== code.greater; end++) {
    const byte = bytes[end] ?? -1;
    if (hexValue(byte) >= 0) digits++;
    else if (!isWhitespace(byte)) throw damaged('object-syntax', start);
  }
  if (end >= last) return undefined;
  const decoded = Buffer.alloc((digits + 1) >> 1);
  let place = 0;
  for (let index = from; index < end; index++) {
    const value = hexValue(bytes[index] ?? -1);
    if (value < 0) continue;
    decoded[place >> 1] = (decoded[place >> 1] ?? 0) | (place % 2 === 0 ? value << 4 : value);
    place++;
  }
  cursor.position += end - from + 1;
  return decoded;
}

/** A string of nothing but digit pairs, as /Contents is, decoded in pieces; undefined for any other. */
function longHexString(cursor: Cursor, limits: PdfLimits): Uint8Array | undefined {
  let at = cursor.position;
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = pieceOf(cursor, at);
    const end = piece.indexOf(code.greater);
    const digits = end < 0 ? piece.length : end;
    const bytes = decodePairs(piece, digits);
    if (!bytes || (digits === 0 && end < 0)) return undefined;
    length += bytes.length;
    if (length > limits.stringBytes) throw overLimit('stringBytes', limits.stringBytes);
    pieces.push(bytes);
    at += digits;
    if (end >= 0) break;
  }
  cursor.position = at + 1;
  const [first, ...others] = pieces;
  return first && others.length === 0 ? first : Buffer.concat(pieces);
}

/** The bytes of so many digits; undefined where they are not all digit pairs. */
function decodePairs(piece: Buffer, digits: number): Buffer | undefined {
  const length = PADDING.length;
  let unpadded = digits;
  while (unpadded >= length && piece.compare(PADDING, 0, length, unpadded - length, unpadded) === 0)
    unpadded -= length;
  const bytes = Buffer.alloc(digits >> 1);
  // Decoding stops at what is no digit pair.
  const written = bytes.write(piece.toString('latin1', 0, unpadded), 'hex');
  return written * 2 === unpadded && bytes.length * 2 === digits ? bytes : undefined;
}

/** Bytes that are only looked at: not copied where they are in memory. */
function pieceOf({ source }: Cursor, offset: number): Buffer {
  const view = source.view?.(offset, HEX_PIECE_BYTES);
  return view ? Buffer.from(view.buffer, view.byteOffset, view.length) : source.read(offset, HEX_PIECE_BYTES);
}

function looseHexString(cursor: Cursor, start: number, limits: PdfLimits): Uint8Array {
  const bytes = new ByteCollector(limits);
  let high = -1;
  for (;;) {
    const byte = cursor.byteAt(cursor.position++);
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
  return bytes.take();
}

/** The bytes of the string in brackets at the cursor, which is left behind it. Throws `pdf.damaged`, `pdf.limit`. */
export function readLiteralString(cursor: Cursor, limits: PdfLimits): Uint8Array {
  const start = cursor.position++;
  return plainString(cursor) ?? escapedString(cursor, start, limits);
}

/** A short string without brackets, escapes and line ends, within the bytes at hand; undefined for any other. */
function plainString(cursor: Cursor): Uint8Array | undefined {
  const from = cursor.atHand();
  const { bytes } = cursor;
  const last = Math.min(bytes.length, from + SMALL_BYTES + 1);
  for (let end = from; end < last; end++) {
    const byte = bytes[end];
    if (byte === code.backslash || byte === code.parenOpen || byte === code.cr) return undefined;
    if (byte !== code.parenClose) continue;
    cursor.position += end - from + 1;
    return copyOf(bytes, from, end);
  }
  return undefined;
}

function escapedString(cursor: Cursor, start: number, limits: PdfLimits): Uint8Array {
  const bytes = new ByteCollector(limits);
  let open = 1;
  for (;;) {
    const byte = cursor.byteAt(cursor.position++);
    if (byte < 0) throw damaged('object-syntax', start);
    if (byte === code.backslash) {
      readEscape(cursor, bytes);
      continue;
    }
    if (byte === code.parenOpen) open++;
    if (byte === code.parenClose && --open === 0) break;
    if (byte === code.cr) {
      if (cursor.byteAt(cursor.position) === code.lf) cursor.position++;
      bytes.push(code.lf);
    } else bytes.push(byte);
  }
  return bytes.take();
}

function readEscape(cursor: Cursor, bytes: ByteCollector): void {
  const byte = cursor.byteAt(cursor.position++);
  const simple = ESCAPES.get(byte);
  if (simple !== undefined) bytes.push(simple);
  else if (byte === code.cr) {
    if (cursor.byteAt(cursor.position) === code.lf) cursor.position++;
  } else if (byte === code.lf) return;
  else if (byte >= 0x30 && byte <= 0x37) {
    let value = byte - 0x30;
    for (let digits = 1; digits < 3; digits++) {
      const next = cursor.byteAt(cursor.position);
      if (next < 0x30 || next > 0x37) break;
      value = value * 8 + next - 0x30;
      cursor.position++;
    }
    bytes.push(value & 0xff);
  } else if (byte >= 0) bytes.push(byte);
}

const ESCAPES = new Map<number, number>([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

/** Bytes that stay as they are when the memory they were read from is used again. */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = Buffer.alloc(to - from);
  if (to - from > SMALL_BYTES) copy.set(bytes.subarray(from, to));
  else for (let index = from; index < to; index++) copy[index - from] = bytes[index] ?? 0;
  return copy;
}

/** Where the bytes of the string in hand are gathered: fresh memory for each would pile up until the collector comes. */
let room = new Uint8Array(1024);
const KEPT_ROOM = 65_536;

/** Gathers bytes in memory that doubles. One at a time. */
class ByteCollector {
  #length = 0;
  readonly #limits: PdfLimits;
  constructor(limits: PdfLimits) {
    this.#limits = limits;
  }
  push(byte: number): void {
    if (this.#length === room.length) {
      if (this.#length >= this.#limits.stringBytes) throw overLimit('stringBytes', this.#limits.stringBytes);
      const larger = new Uint8Array(room.length * 2);
      larger.set(room);
      room = larger;
    }
    room[this.#length++] = byte;
  }
  take(): Uint8Array {
    const bytes = copyOf(room, 0, this.#length);
    if (room.length > KEPT_ROOM) room = new Uint8Array(KEPT_ROOM);
    return bytes;
  }
}
