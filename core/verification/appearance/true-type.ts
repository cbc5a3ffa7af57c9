import { quadratic, type Point, type Shape } from './shape.ts';

/** A glyph's outline: contours of points with whether they lie on the curve, in units of the font. */
type Outline = readonly (readonly { readonly x: number; readonly y: number; readonly on: boolean }[])[];

const maximumDepth = 6;
/** Points and parts of one glyph. */
const maximumPoints = 20_000;
/** Twice as many as there are characters: segments do not lie over one another. */
const maximumCodes = 0x20000;

/** Reads outlines of a TrueType program (tables head, maxp, loca, glyf, cmap). Damage throws RangeError. */
export class TrueTypeFont {
  readonly #bytes: Buffer;
  readonly #tables = new Map<string, { readonly offset: number; readonly length: number }>();
  readonly unitsPerEm: number;
  readonly #glyphs: number;
  readonly #longOffsets: boolean;
  #points = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (![0x00010000, 0x74727565].includes(this.#bytes.readUInt32BE(0))) throw new RangeError('no TrueType');
    for (let index = 0; index < this.#bytes.readUInt16BE(4); index++) {
      const at = 12 + index * 16;
      this.#tables.set(this.#bytes.toString('latin1', at, at + 4), {
        offset: this.#bytes.readUInt32BE(at + 8),
        length: this.#bytes.readUInt32BE(at + 12),
      });
    }
    this.unitsPerEm = this.#bytes.readUInt16BE(this.#table('head') + 18);
    this.#longOffsets = this.#bytes.readInt16BE(this.#table('head') + 50) === 1;
    this.#glyphs = this.#bytes.readUInt16BE(this.#table('maxp') + 4);
  }

  /** What a glyph draws; undefined when the font has no such glyph. */
  shape(glyph: number): Shape | undefined {
    if (glyph >= this.#glyphs) return undefined;
    if (this.unitsPerEm === 0) throw new RangeError('units');
    this.#points = 0;
    const scale = 1000 / this.unitsPerEm;
    return this.#outline(glyph, 0)
      .map((contour) => linesOf(contour.map(({ x, y, on }) => ({ x: x * scale, y: y * scale, on }))))
      .filter(({ length }) => length > 2);
  }

  /** Glyphs by character of the Unicode cmap (platform 3, encoding 1, format 4); empty when there is none. */
  characters(): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    const start = this.#tables.get('cmap')?.offset;
    if (start === undefined) return found;
    const bytes = this.#bytes;
    let codes = 0;
    for (let index = 0; index < bytes.readUInt16BE(start + 2); index++) {
      const at = start + 4 + index * 8;
      if (bytes.readUInt16BE(at) !== 3 || bytes.readUInt16BE(at + 2) !== 1) continue;
      const table = start + bytes.readUInt32BE(at + 4);
      if (bytes.readUInt16BE(table) !== 4) continue;
      const segments = bytes.readUInt16BE(table + 6) / 2;
      for (let segment = 0; segment < segments; segment++) {
        const end = bytes.readUInt16BE(table + 14 + segment * 2);
        const first = bytes.readUInt16BE(table + 16 + (segments + segment) * 2);
        const delta = bytes.readUInt16BE(table + 16 + (2 * segments + segment) * 2);
        const rangeAt = table + 16 + (3 * segments + segment) * 2;
        const range = bytes.readUInt16BE(rangeAt);
        codes += Math.max(1, end - first + 1);
        if (codes > maximumCodes) throw new RangeError('cmap');
        for (let code = first; code <= end && code < 0xffff; code++) {
          const raw = range === 0 ? code : bytes.readUInt16BE(rangeAt + range + (code - first) * 2);
          const glyph = raw === 0 && range !== 0 ? 0 : (raw + delta) & 0xffff;
          if (glyph !== 0) found.set(code, glyph);
        }
      }
    }
    return found;
  }

  #table(tag: string): number {
    const table = this.#tables.get(tag);
    if (!table || table.offset + table.length > this.#bytes.length) throw new RangeError(`no ${tag}`);
    return table.offset;
  }

  #outline(glyph: number, depth: number): Outline {
    if (depth > maximumDepth || glyph >= this.#glyphs) throw new RangeError('glyph');
    const loca = this.#table('loca');
    const at = (index: number): number =>
      this.#longOffsets
        ? this.#bytes.readUInt32BE(loca + index * 4)
        : this.#bytes.readUInt16BE(loca + index * 2) * 2;
    const [start, end] = [at(glyph), at(glyph + 1)];
    if (end <= start) return [];
    const offset = this.#table('glyf') + start;
    const contours = this.#bytes.readInt16BE(offset);
    return contours >= 0 ? this.#simple(offset, contours) : this.#composite(offset + 10, depth);
  }

  #simple(offset: number, contours: number): Outline {
    const bytes = this.#bytes;
    const ends = Array.from({ length: contours }, (_, index) => bytes.readUInt16BE(offset + 10 + index * 2));
    // Each contour goes on where the one before ends: one that goes back would hold the same points once more.
    if (ends.some((end, index) => index > 0 && end <= (ends[index - 1] ?? 0)))
      throw new RangeError('contours');
    const count = (ends.at(-1) ?? -1) + 1;
    this.#points += count;
    if (this.#points > maximumPoints) throw new RangeError('points');
    let at = offset + 10 + contours * 2;
    at += 2 + bytes.readUInt16BE(at);
    const flags: number[] = [];
    while (flags.length < count) {
      const flag = bytes.readUInt8(at++);
      const times = flag & 8 ? bytes.readUInt8(at++) + 1 : 1;
      for (let time = 0; time < times; time++) flags.push(flag);
    }
    const axis = (short: number, same: number): number[] => {
      let value = 0;
      return flags.slice(0, count).map((flag) => {
        if (flag & short) value += flag & same ? bytes.readUInt8(at++) : -bytes.readUInt8(at++);
        else if (!(flag & same)) {
          value += bytes.readInt16BE(at);
          at += 2;
        }
        return value;
      });
    };
    const xs = axis(2, 16);
    const ys = axis(4, 32);
    let first = 0;
    return ends.map((end) => {
      const contour = flags.slice(first, end + 1).map((flag, index) => ({
        x: xs[first + index] ?? 0,
        y: ys[first + index] ?? 0,
        on: (flag & 1) === 1,
      }));
      first = end + 1;
      return contour;
    });
  }

  #composite(offset: number, depth: number): Outline {
    const bytes = this.#bytes;
    const parts: Outline[number][] = [];
    let at = offset;
    for (let flags = 32; flags & 32;) {
      flags = bytes.readUInt16BE(at);
      const glyph = bytes.readUInt16BE(at + 2);
      at += 4;
      if (++this.#points > maximumPoints) throw new RangeError('parts');
      const wide = (flags & 1) === 1;
      const [dx, dy] = wide
        ? [bytes.readInt16BE(at), bytes.readInt16BE(at + 2)]
        : [bytes.readInt8(at), bytes.readInt8(at + 1)];
      at += wide ? 4 : 2;
      // Parts placed by matching points are not compared.
      if (!(flags & 2)) throw new RangeError('composite');
      const fraction = (): number => {
        at += 2;
        return bytes.readInt16BE(at - 2) / 16384;
      };
      let [a, b, c, d] = [1, 0, 0, 1];
      if (flags & 8) d = a = fraction();
      else if (flags & 64) [a, d] = [fraction(), fraction()];
      else if (flags & 128) [a, b, c, d] = [fraction(), fraction(), fraction(), fraction()];
      for (const contour of this.#outline(glyph, depth + 1))
        parts.push(contour.map(({ x, y, on }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, on })));
    }
    return parts;
  }
}

/** A contour with its curves taken apart; between two points off the curve lies one on it. */
function linesOf(contour: Outline[number]): Point[] {
  const full = contour.flatMap((point, index) => {
    const next = contour[(index + 1) % contour.length] ?? point;
    const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2, on: true };
    return point.on || next.on ? [point] : [point, middle];
  });
  const first = full.findIndex(({ on }) => on);
  if (first < 0) return [];
  const turned = [...full.slice(first), ...full.slice(0, first + 1)];
  const lines: Point[] = [];
  let from: Point | undefined;
  for (let index = 0; index < turned.length; index++) {
    const point = turned[index];
    if (!point) break;
    if (point.on) {
      lines.push({ x: point.x, y: point.y });
      from = point;
      continue;
    }
    const to = turned[++index];
    if (from && to) lines.push(...quadratic(from, point, to));
    from = to;
  }
  return lines;
}
