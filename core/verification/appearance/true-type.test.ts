import { describe, expect, it } from 'vitest';
import { timesMetricFont } from '../../shared/times-metric-font.ts';
import { TrueTypeFont } from './true-type.ts';

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value & 0xffff, index * 2));
  return bytes;
};

/** A font of the tables that we read; `loca` has long offsets. */
function fontOf(glyphs: readonly Buffer[], cmap = words(0, 0)): Buffer {
  const head = Buffer.alloc(54);
  head.writeUInt16BE(1000, 18);
  head.writeUInt16BE(1, 50);
  const loca = Buffer.alloc((glyphs.length + 1) * 4);
  let end = 0;
  glyphs.forEach((glyph, index) => loca.writeUInt32BE((end += glyph.length), (index + 1) * 4));
  const tables = { cmap, glyf: Buffer.concat(glyphs), head, loca, maxp: words(1, 0, glyphs.length) };
  const heads: Buffer[] = [words(1, 0, Object.keys(tables).length, 0, 0, 0)];
  let offset = 12 + Object.keys(tables).length * 16;
  for (const [tag, { length }] of Object.entries(tables)) {
    const entry = Buffer.alloc(16);
    entry.write(tag, 'latin1');
    entry.writeUInt32BE(offset, 8);
    entry.writeUInt32BE(length, 12);
    heads.push(entry);
    offset += length;
  }
  return Buffer.concat([...heads, ...Object.values(tables)]);
}

/** A glyph whose points are all at the origin. */
const simple = (ends: readonly number[]): Buffer => {
  const flags = Buffer.alloc((ends.at(-1) ?? -1) + 1, 1 | 16 | 32);
  return Buffer.concat([words(ends.length, 0, 0, 0, 0), words(...ends), words(0), flags]);
};

/** A glyph of `count` times another. */
const composite = (glyph: number, count: number): Buffer =>
  Buffer.concat([
    words(-1, 0, 0, 0, 0),
    ...Array.from({ length: count }, (_, index) => words(index < count - 1 ? 2 | 32 : 2, glyph, 0)),
  ]);

/** A cmap for Windows and Unicode whose segments all reach from the first character to the last. */
function overlapping(segments: number): Buffer {
  const each = (value: number): number[] => Array.from({ length: segments }, () => value);
  const table = words(4, 0, 0, segments * 2, 0, 0, 0);
  return Buffer.concat([
    words(0, 1, 3, 1, 0, 12),
    table,
    words(...each(0xfffe), 0, ...each(1), ...each(0), ...each(0)),
  ]);
}

describe('a TrueType program', () => {
  it('gives the outlines and characters of an honest font', () => {
    const font = new TrueTypeFont(timesMetricFont('regular'));
    const glyph = font.characters().get(0x1ec7) ?? 0;
    // The letter, its circumflex and its dot; the letter has a hole.
    expect(font.shape(glyph)).toHaveLength(4);
    expect(new TrueTypeFont(fontOf([simple([3, 7])])).shape(0)).toHaveLength(2);
  });

  it('whose contours go back to points that another had is refused', () => {
    const ends = Array.from({ length: 5_001 }, (_, index) => (index % 2 === 0 ? 9_999 : 1));
    const font = new TrueTypeFont(fontOf([simple(ends)]));
    expect(() => font.shape(0)).toThrow(new RangeError('contours'));
  });

  it('whose glyphs are made of each other so that they multiply is refused', () => {
    const glyphs = [1, 2, 3, 4, 5].map((next) => composite(next, 60));
    const font = new TrueTypeFont(fontOf([...glyphs, simple([])]));
    expect(() => font.shape(0)).toThrow(new RangeError('parts'));
    expect(font.shape(4)).toEqual([]);
  });

  it('whose segments of characters lie over one another by the thousand is refused', () => {
    const font = new TrueTypeFont(fontOf([simple([2])], overlapping(5_000)));
    expect(() => font.characters()).toThrow(new RangeError('cmap'));
  });
});
