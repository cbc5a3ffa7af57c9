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
import { drawing, raw } from './scan-drawings.ts';
import { pageTags, tiffOf, type TiffFixturePage } from './tiff-fixture.ts';

const bilevelPng = async (width: number, height: number): Promise<Buffer> =>
  sharp(await drawing(width, height).png().toBuffer())
    .threshold(128)
    .toColourspace('b-w')
    .png()
    .toBuffer();

const groupFour = async (width: number, height: number): Promise<Buffer> =>
  sharp(await bilevelPng(width, height))
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 200 / 25.4, yres: 200 / 25.4 })
    .toBuffer();

/** A page in colour, as it is. */
const colourPage = async (width: number, height: number, dpi: number): Promise<TiffFixturePage> => ({
  tags: pageTags({ width, height, bits: [8, 8, 8], compression: 1, photometric: 2, dpi }),
  strips: [await raw(width, height)],
});

describe('a TIFF scan', () => {
  it.each(['none', 'lzw', 'deflate', 'packbits'] as const)(
    'with %s compression keeps every pixel',
    async (compression) => {
      const tiff = await drawing(413, 585)
        .tiff({ compression, xres: 300 / 25.4, yres: 300 / 25.4 })
        .toBuffer();
      const { facts, path } = await convert(tiff);
      expect(facts).toMatchObject({ colour: 'colour', bitsPerPixel: 24, dpi: 300, mediaType: 'image/tiff' });
      expect(await pictures(path)).toEqual(['image 8-bit rgb 300dpi']);
      expect(await pageSizes(path)).toEqual(['99.12 140.4']);
      expect(largestDifference(await pixelsOf(path), await rgbOf(tiff))).toBe(0);
    },
  );

  it('of several pages keeps their order, sizes and resolutions', async () => {
    const sizes = [
      [100, 50, 100],
      [60, 90, 200],
      [80, 80, 300],
    ] as const;
    const pages = await Promise.all(sizes.map(([width, height, dpi]) => colourPage(width, height, dpi)));
    const { facts, path } = await convert(tiffOf(pages));
    expect(facts).toMatchObject({ pages: 3, dpi: 100 });
    expect(await pageSizes(path)).toEqual(['72 36', '21.6 32.4', '19.2 19.2']);
    expect(codes(facts)).toEqual(['intake.low-resolution']);
    for (const [index, [width, height]] of sizes.entries()) {
      expect(largestDifference(await pixelsOf(path, index), await raw(width, height))).toBe(0);
    }
  });

  it('written with the high byte first is read as well', async () => {
    const { path } = await convert(tiffOf([await colourPage(40, 30, 200)], 'MM'));
    expect(largestDifference(await pixelsOf(path), await raw(40, 30))).toBe(0);
  });

  it('leaves previews beside the page out', async () => {
    const page = await colourPage(40, 30, 200);
    const preview = { ...page, tags: [[254, 4, [1]] as const, ...page.tags] };
    expect((await convert(tiffOf([page, preview]))).facts.pages).toBe(1);
  });

  it.each([
    ['white is zero', 0, 1],
    ['black is zero', 1, 1],
    ['bits from the right', 0, 2],
  ] as const)('in Group 4, one strip, goes through as it is (%s)', async (_, photometric, fillOrder) => {
    const whole = await groupFour(200, 100);
    const strip = stripOf(whole);
    const width = 200;
    const tags = [
      ...pageTags({ width, height: 100, bits: [1], compression: 4, photometric, dpi: 200 }),
      [266, 3, [fillOrder]] as const,
    ];
    const stored = fillOrder === 2 ? Buffer.from(strip.map(reverseBits)) : strip;
    const tiff = tiffOf([{ tags, strips: [stored] }]);
    const { facts, path, pdf } = await convert(tiff);
    expect(pdf.includes(strip)).toBe(true);
    expect(await pictures(path)).toEqual(['ccitt 1-bit gray 200dpi']);
    expect(facts).toMatchObject({ colour: 'bilevel', bitsPerPixel: 1 });
    expect(largestDifference(await pixelsOf(path), await rgbOf(tiff))).toBe(0);
  });

  it('in Group 4 of several strips keeps every pixel at 1 bit', async () => {
    const tiff = await groupFour(500, 900);
    expect(stripCount(tiff)).toBeGreaterThan(1);
    const { path } = await convert(tiff);
    expect(await pictures(path)).toEqual(['image 1-bit gray 200dpi']);
    expect(largestDifference(await pixelsOf(path), await rgbOf(tiff))).toBe(0);
  });

  it('holding one JPEG passes it through, its tables put in front', async () => {
    const jpeg = await drawing(160, 120).jpeg({ quality: 90, optimiseCoding: false }).toBuffer();
    const { tables, abbreviated } = splitJpeg(jpeg);
    const tags = [
      ...pageTags({ width: 160, height: 120, bits: [8, 8, 8], compression: 7, photometric: 6, dpi: 200 }),
      [347, 7, [...tables]] as const,
      [530, 3, [2, 2]] as const,
    ];
    const { path, pdf } = await convert(tiffOf([{ tags, strips: [abbreviated] }]));
    expect(pdf.includes(abbreviated.subarray(2))).toBe(true);
    expect(await pictures(path)).toEqual(['jpeg 8-bit rgb 200dpi']);
    expect(largestDifference(await pixelsOf(path), await rgbOf(jpeg))).toBeLessThanOrEqual(8);
  });

  it('holding JPEG in many strips is decoded, not compressed anew', async () => {
    const tiff = await drawing(300, 400)
      .tiff({
        compression: 'jpeg',
        quality: 90,
        xres: 200 / 25.4,
        yres: 200 / 25.4,
        tile: true,
        tileWidth: 128,
        tileHeight: 128,
      })
      .toBuffer();
    const { path } = await convert(tiff);
    expect(await pictures(path)).toEqual(['image 8-bit rgb 200dpi']);
    expect(largestDifference(await pixelsOf(path), await rgbOf(tiff))).toBe(0);
  });

  it('of 1,001 pages is refused', async () => {
    const tags = pageTags({ width: 1, height: 1, bits: [8], compression: 1, photometric: 1, dpi: 200 });
    const page = { tags, strips: [Buffer.from([0])] };
    expect(await codeOfRefusal(tiffOf(Array.from({ length: 1001 }, () => page)))).toBe(
      'intake.too-many-pages',
    );
  });

  it('cut off in its data is refused', async () => {
    const tiff = await drawing(300, 400).tiff({ compression: 'lzw' }).toBuffer();
    tiff.fill(0xff, 200, 4000);
    expect(await codeOfRefusal(tiff)).toBe('intake.damaged-image');
    expect(await codeOfRefusal(tiff.subarray(0, tiff.length - 100))).toBe('intake.damaged-image');
  });
});

const reverseBits = (byte: number): number =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').toReversed().join(''), 2);

function stripTag(tiff: Buffer, wanted: number): { count: number; value: number } {
  const start = tiff.readUInt32LE(4);
  for (let entry = 0; entry < tiff.readUInt16LE(start); entry++) {
    const at = start + 2 + entry * 12;
    if (tiff.readUInt16LE(at) !== wanted) continue;
    const short = tiff.readUInt16LE(at + 2) === 3;
    return {
      count: tiff.readUInt32LE(at + 4),
      value: short ? tiff.readUInt16LE(at + 8) : tiff.readUInt32LE(at + 8),
    };
  }
  throw new Error(`no tag ${wanted}`);
}

const stripCount = (tiff: Buffer): number => stripTag(tiff, 273).count;

function stripOf(tiff: Buffer): Buffer {
  const offset = stripTag(tiff, 273);
  const length = stripTag(tiff, 279);
  expect(offset.count).toBe(1);
  return tiff.subarray(offset.value, offset.value + length.value);
}

/** Takes DQT and DHT out of a JPEG into a tables-only stream, as TIFF stores them. */
function splitJpeg(jpeg: Buffer): { tables: Buffer; abbreviated: Buffer } {
  const tables: Buffer[] = [];
  const rest: Buffer[] = [];
  let at = 2;
  while (jpeg[at + 1] !== 0xda) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    const segment = jpeg.subarray(at, end);
    if (segment[1] === 0xdb || segment[1] === 0xc4) tables.push(segment);
    else if (segment[1] !== 0xe0) rest.push(segment);
    at = end;
  }
  const start = Buffer.from([0xff, 0xd8]);
  return {
    tables: Buffer.concat([start, ...tables, Buffer.from([0xff, 0xd9])]),
    abbreviated: Buffer.concat([start, ...rest, jpeg.subarray(at)]),
  };
}
