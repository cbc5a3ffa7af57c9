import { drawCharstring, type Subroutines } from './charstring.ts';
import { standardString } from './compact-font-tables.ts';
import type { Shape } from './shape.ts';

type Dict = ReadonlyMap<number, readonly number[]>;

/** Operators of CFF dictionaries; those of two bytes are counted from 1200. */
const operator = {
  charset: 15, charStrings: 17, private: 18, subroutines: 19,
  charstringType: 1206, matrix: 1207, registry: 1230, fontDicts: 1236, fontSelect: 1237,
} as const; // prettier-ignore

const maximumGlyphs = 65_535;

/**
 * Reads outlines of a CFF program, bare or inside OpenType (Adobe Technical Notes 5176 and 5177). Damage, and what cannot be
 * compared, throws RangeError.
 */
export class CompactFont {
  readonly #bytes: Buffer;
  readonly #top: Dict;
  readonly #strings: readonly Uint8Array[];
  readonly #global: readonly Uint8Array[];
  readonly #charStrings: readonly Uint8Array[];
  readonly #parts: readonly { readonly local: readonly Uint8Array[]; readonly scale: number }[];
  /** What the charset says of each glyph: its CID, or the number of its name. */
  readonly #charset: readonly number[];
  readonly #glyphOf: ReadonlyMap<number, number>;
  /** Whether glyphs are named by CID. */
  readonly isKeyed: boolean;

  constructor(bytes: Uint8Array) {
    this.#bytes = tableOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.#bytes.readUInt8(0) !== 1) throw new RangeError('no CFF');
    const names = this.#index(this.#bytes.readUInt8(2));
    const tops = this.#index(names.end);
    const strings = this.#index(tops.end);
    const [top, ...others] = tops.items;
    if (!top || others.length > 0) throw new RangeError('not one font');
    this.#strings = strings.items;
    this.#global = this.#index(strings.end).items;
    this.#top = readDict(top);
    if ((this.#top.get(operator.charstringType)?.[0] ?? 2) !== 2) throw new RangeError('charstrings');
    this.#charStrings = this.#index(this.#offset(operator.charStrings)).items;
    if (this.#charStrings.length > maximumGlyphs) throw new RangeError('glyphs');
    this.isKeyed = this.#top.has(operator.registry);
    this.#parts = this.isKeyed
      ? this.#index(this.#offset(operator.fontDicts)).items.map((dict) => this.#part(readDict(dict)))
      : [this.#part(this.#top)];
    this.#charset = this.#readCharset();
    const glyphs = new Map<number, number>();
    for (const [glyph, name] of this.#charset.entries()) {
      // Readers take the first or the last of two.
      if (glyphs.has(name)) throw new RangeError('charset');
      glyphs.set(name, glyph);
    }
    this.#glyphOf = glyphs;
  }

  /** The glyph of a CID; a font without CIDs is asked by glyph (ISO 32000-1 9.7.4.2). */
  glyphOfCid(cid: number): number | undefined {
    return this.isKeyed ? this.#glyphOf.get(cid) : cid;
  }

  /** The glyph of a name; undefined when the font has none of it or goes by CIDs. */
  glyphNamed(name: string): number | undefined {
    if (this.isKeyed) return undefined;
    const glyph = this.#charset.findIndex((id, index) => index > 0 && this.#nameOf(id) === name);
    return glyph < 0 ? undefined : glyph;
  }

  /** What a glyph draws; undefined when the font has no such glyph. */
  shape(glyph: number): Shape | undefined {
    const program = this.#charStrings[glyph];
    if (!program) return undefined;
    const part = this.#parts[this.isKeyed ? this.#partOf(glyph) : 0];
    if (!part) throw new RangeError('FDSelect');
    const subroutines: Subroutines = { local: part.local, global: this.#global };
    return drawCharstring(program, subroutines).map((contour) =>
      contour.map(({ x, y }) => ({ x: x * part.scale, y: y * part.scale })),
    );
  }

  #offset(key: number): number {
    const [value] = this.#top.get(key) ?? [];
    if (value === undefined || value <= 0) throw new RangeError('offset');
    return value;
  }

  #index(at: number): { readonly items: Uint8Array[]; readonly end: number } {
    const bytes = this.#bytes;
    const count = bytes.readUInt16BE(at);
    if (count === 0) return { items: [], end: at + 2 };
    const size = bytes.readUInt8(at + 2);
    if (size < 1 || size > 4) throw new RangeError('offset size');
    const data = at + 2 + (count + 1) * size;
    const items: Uint8Array[] = [];
    let from = bytes.readUIntBE(at + 3, size);
    if (from !== 1) throw new RangeError('index');
    for (let item = 1; item <= count; item++) {
      const to = bytes.readUIntBE(at + 3 + item * size, size);
      if (to < from || data + to > bytes.length) throw new RangeError('index');
      items.push(bytes.subarray(data + from, data + to));
      from = to;
    }
    return { items, end: data + from };
  }

  #part(dict: Dict): { readonly local: readonly Uint8Array[]; readonly scale: number } {
    const [size = 0, start = 0] = dict.get(operator.private) ?? [];
    if (size < 0 || start < 0 || start + size > this.#bytes.length) throw new RangeError('private');
    const [at] = readDict(this.#bytes.subarray(start, start + size)).get(operator.subroutines) ?? [];
    const own = dict.get(operator.matrix);
    const outer = dict === this.#top ? undefined : this.#top.get(operator.matrix);
    return {
      local: at === undefined ? [] : this.#index(start + at).items,
      scale: 1000 * (own || outer ? scaleOf(own) * scaleOf(outer) : 0.001),
    };
  }

  #partOf(glyph: number): number {
    const bytes = this.#bytes;
    const at = this.#offset(operator.fontSelect);
    const format = bytes.readUInt8(at);
    if (format === 0) return bytes.readUInt8(at + 1 + glyph);
    if (format !== 3) throw new RangeError('FDSelect');
    const ranges = bytes.readUInt16BE(at + 1);
    for (let range = 0; range < ranges; range++) {
      const entry = at + 3 + range * 3;
      if (glyph >= bytes.readUInt16BE(entry) && glyph < bytes.readUInt16BE(entry + 3))
        return bytes.readUInt8(entry + 2);
    }
    throw new RangeError('FDSelect');
  }

  #readCharset(): number[] {
    const [where = 0] = this.#top.get(operator.charset) ?? [];
    const count = this.#charStrings.length;
    // ISOAdobe is the names in their order; the expert sets are for other letters than forms are filled in with.
    if (where === 0 && !this.isKeyed)
      return Array.from({ length: Math.min(count, 229) }, (_, index) => index);
    if (where <= 2) throw new RangeError('charset');
    const bytes = this.#bytes;
    const format = bytes.readUInt8(where);
    const found = [0];
    if (format === 0)
      for (let glyph = 1; glyph < count; glyph++) found.push(bytes.readUInt16BE(where + glyph * 2 - 1));
    else if (format === 1 || format === 2)
      for (let at = where + 1; found.length < count; at += format + 2) {
        const first = bytes.readUInt16BE(at);
        const more = format === 1 ? bytes.readUInt8(at + 2) : bytes.readUInt16BE(at + 2);
        for (let index = 0; index <= more && found.length < count; index++) found.push(first + index);
      }
    else throw new RangeError('charset');
    return found;
  }

  #nameOf(id: number): string | undefined {
    const own = this.#strings[id - 391];
    return id < 391 ? standardString(id) : own && Buffer.from(own).toString('latin1');
  }
}

/** The CFF table of an OpenType file, or the bytes themselves. */
function tableOf(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 0, 4) !== 'OTTO') return bytes;
  for (let index = 0; index < bytes.readUInt16BE(4); index++) {
    const at = 12 + index * 16;
    if (bytes.toString('latin1', at, at + 4) !== 'CFF ') continue;
    const offset = bytes.readUInt32BE(at + 8);
    return bytes.subarray(offset, offset + bytes.readUInt32BE(at + 12));
  }
  throw new RangeError('no CFF');
}

/** The scale of a /FontMatrix that turns and moves nothing. */
function scaleOf(matrix: readonly number[] | undefined): number {
  if (!matrix) return 1;
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = matrix;
  if (matrix.length !== 6 || !(a > 0) || a > 1 || Math.abs(a - d) > a * 1e-6 || b || c || x || y)
    throw new RangeError('matrix');
  return a;
}

function readDict(bytes: Uint8Array): Dict {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, readonly number[]>();
  let operands: number[] = [];
  for (let at = 0; at < view.length;) {
    const code = view.readUInt8(at++);
    if (code <= 21) {
      const key = code === 12 ? 1200 + view.readUInt8(at++) : code;
      // Readers take the first or the last of two.
      if (found.has(key)) throw new RangeError('operator twice');
      found.set(key, operands);
      operands = [];
    } else if (code === 28) {
      operands.push(view.readInt16BE(at));
      at += 2;
    } else if (code === 29) {
      operands.push(view.readInt32BE(at));
      at += 4;
    } else if (code === 30) {
      const [value, end] = readReal(view, at);
      operands.push(value);
      at = end;
    } else if (code >= 32 && code <= 246) operands.push(code - 139);
    else if (code >= 247 && code <= 254) {
      const second = view.readUInt8(at++);
      operands.push(code <= 250 ? (code - 247) * 256 + second + 108 : -(code - 251) * 256 - second - 108);
    } else throw new RangeError('operand');
  }
  return found;
}

const nibbles = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', 'E', 'E-', '', '-'];

function readReal(view: Buffer, start: number): [value: number, end: number] {
  let text = '';
  for (let at = start; ; at++) {
    const byte = view.readUInt8(at);
    for (const nibble of [byte >> 4, byte & 15]) {
      if (nibble === 15) return [text === '' ? Number.NaN : Number(text), at + 1];
      text += nibbles[nibble] ?? '';
    }
    if (text.length > 40) throw new RangeError('number');
  }
}
