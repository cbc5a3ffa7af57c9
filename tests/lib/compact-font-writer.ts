import type { Shape } from '../../core/verification/appearance/shape.ts';

/** A glyph to write: its name and what it draws, in thousandths of the em. */
export interface WrittenGlyph {
  readonly name: string;
  readonly shape: Shape;
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(3);
  bytes.writeUInt8(28);
  bytes.writeInt16BE(value, 1);
  return bytes;
};
/** A number of five bytes, so that offsets do not change the size of what holds them. */
const offset = (value: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(29);
  bytes.writeInt32BE(value, 1);
  return bytes;
};

function index(items: readonly Uint8Array[]): Buffer {
  if (items.length === 0) return Buffer.from([0, 0]);
  const head = Buffer.alloc(3 + (items.length + 1) * 4);
  head.writeUInt16BE(items.length);
  head.writeUInt8(4, 2);
  let at = 1;
  head.writeUInt32BE(at, 3);
  items.forEach((item, place) => {
    at += item.length;
    head.writeUInt32BE(at, 7 + place * 4);
  });
  return Buffer.concat([head, ...items]);
}

function charString(shape: Shape): Buffer {
  const parts: Buffer[] = [];
  let [x, y] = [0, 0];
  const step = (to: { readonly x: number; readonly y: number }): Buffer => {
    const [dx, dy] = [Math.round(to.x) - x, Math.round(to.y) - y];
    x += dx;
    y += dy;
    return Buffer.concat([number(dx), number(dy)]);
  };
  for (const [first, ...rest] of shape) {
    if (!first) continue;
    parts.push(step(first), Buffer.from([21]));
    for (const point of rest) parts.push(step(point), Buffer.from([5]));
  }
  return Buffer.concat([...parts, Buffer.from([14])]);
}

/** A CFF font of straight lines; glyph 0 is empty, the others follow in order. */
export function writeCompactFont(glyphs: readonly WrittenGlyph[]): Buffer {
  const header = Buffer.from([1, 0, 4, 4]);
  const names = index([Buffer.from('Test')]);
  const strings = index(glyphs.map(({ name }) => Buffer.from(name)));
  const none = index([]);
  const programs = index([Buffer.from([14]), ...glyphs.map(({ shape }) => charString(shape))]);
  const charset = Buffer.alloc(1 + glyphs.length * 2);
  glyphs.forEach((_, place) => charset.writeUInt16BE(391 + place, 1 + place * 2));
  const top = (charsetAt: number, programsAt: number): Buffer =>
    index([
      Buffer.concat([
        offset(charsetAt),
        Buffer.from([15]),
        offset(programsAt),
        Buffer.from([17]),
        offset(0),
        offset(0),
        Buffer.from([18]),
      ]),
    ]);
  const start = header.length + names.length + top(0, 0).length + strings.length + none.length;
  const tops = top(start, start + charset.length);
  return Buffer.concat([header, names, tops, strings, none, charset, programs]);
}
