import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  codeOfRefusal,
  codes,
  convert,
  largestDifference,
  pageSizes,
  pictures,
  pixelsOf,
  rgbOf,
} from './conversions.ts';
import { drawing } from './scan-drawings.ts';

/** What this process has read from files so far. */
function bytesRead(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/rchar: (\d+)/u.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

describe('a PNG scan', () => {
  it.each([
    ['colour', 'rgb 300dpi', 24, []],
    ['grey', 'gray 300dpi', 8, ['intake.not-colour']],
    ['bilevel', 'gray 300dpi', 1, ['intake.not-colour']],
  ] as const)('in %s keeps every pixel', async (colour, seen, bits, warned) => {
    const picture = drawing(620, 877);
    const grey = await picture.clone().toColourspace('b-w').raw().toBuffer();
    const png =
      colour === 'colour'
        ? withPhys(await picture.png().toBuffer(), 300)
        : colour === 'grey'
          ? withPhys(await picture.toColourspace('b-w').png().toBuffer(), 300)
          : withPhys(oneBitPng(grey, 620, 877), 300);
    const { facts, path } = await convert(png);
    expect(facts).toMatchObject({ colour, bitsPerPixel: bits, dpi: 300 });
    expect(codes(facts)).toEqual(warned);
    expect(await pictures(path)).toEqual([expect.stringContaining(seen)]);
    expect(await pageSizes(path)).toEqual(['148.8 210.48']);
    expect(largestDifference(await pixelsOf(path), await rgbOf(png))).toBe(0);
  });

  it('with a palette keeps every pixel', async () => {
    const png = await drawing(300, 400)
      .withMetadata({ density: 200 })
      .png({ palette: true, colours: 16 })
      .toBuffer();
    const { facts, path } = await convert(png);
    expect(facts.colour).toBe('colour');
    expect(largestDifference(await pixelsOf(path), await rgbOf(png))).toBe(0);
  });

  it('that is interlaced keeps every pixel', async () => {
    const png = await drawing(300, 400).withMetadata({ density: 200 }).png({ progressive: true }).toBuffer();
    const { path } = await convert(png);
    expect(largestDifference(await pixelsOf(path), await rgbOf(png))).toBe(0);
  });

  it('that is large and interlaced is decoded once, whatever the number of its bands', async () => {
    const [width, height] = [2400, 2800];
    const raw = await drawing(width, height).raw().toBuffer();
    const options = { progressive: true, compressionLevel: 0 };
    const create = { raw: { width, height, channels: 3 } } as const;
    const png = await sharp(raw, create).withMetadata({ density: 300 }).png(options).toBuffer();
    const before = bytesRead();
    const { path } = await convert(png);
    // Once for its checksums and once for its pixels; each of two bands would be once more.
    if (process.platform === 'linux') expect(bytesRead() - before).toBeLessThan(2.5 * png.length);
    const seen = await pixelsOf(path);
    expect(seen.length).toBe(raw.length);
    expect(largestDifference(seen, raw)).toBe(0);
  });

  it('of 16 bits a sample keeps them', async () => {
    const png = await drawing(64, 64).toColourspace('rgb16').withMetadata({ density: 200 }).png().toBuffer();
    const { facts, path } = await convert(png);
    expect(facts.bitsPerPixel).toBe(48);
    expect(await pictures(path)).toEqual(['image 16-bit rgb 200dpi']);
  });

  it('with transparent parts is put on white, with a warning', async () => {
    const png = await sharp({
      create: { width: 50, height: 50, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .withMetadata({ density: 200 })
      .png()
      .toBuffer();
    const { facts, path } = await convert(png);
    expect(codes(facts)).toContain('intake.transparency-flattened');
    expect(Math.min(...(await pixelsOf(path)))).toBe(255);
  });

  it('with damaged data is refused', async () => {
    const png = await drawing(300, 400).png().toBuffer();
    png.writeUInt8(png.readUInt8(png.length - 200) ^ 0xff, png.length - 200);
    expect(await codeOfRefusal(png)).toBe('intake.damaged-image');
  });
});

function pngChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** Puts the resolution after a PNG's header, in place of one that is there. */
function withPhys(png: Buffer, dpi: number): Buffer {
  const body = Buffer.alloc(9);
  body.writeUInt32BE(Math.round(dpi / 0.0254), 0);
  body.writeUInt32BE(Math.round(dpi / 0.0254), 4);
  body.writeUInt8(1, 8);
  const old = png.indexOf('pHYs') - 4;
  const rest = old < 0 ? [png.subarray(33)] : [png.subarray(33, old), png.subarray(old + 21)];
  return Buffer.concat([png.subarray(0, 33), pngChunk('pHYs', body), ...rest]);
}

/** A grey PNG of one bit a pixel, written by hand. */
function oneBitPng(grey: Buffer, width: number, height: number): Buffer {
  const rowBytes = Math.ceil(width / 8) + 1;
  const rows = Buffer.alloc(rowBytes * height);
  grey.forEach((value, at) => {
    const x = at % width;
    const target = Math.floor(at / width) * rowBytes + 1 + (x >> 3);
    if (value > 127) rows.writeUInt8(rows.readUInt8(target) | (0x80 >> (x & 7)), target);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(1, 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
