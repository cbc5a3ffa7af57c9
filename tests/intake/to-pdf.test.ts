import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Conversion, conversionSchema } from '../../core/intake/conversion.ts';
import { convertToPdf } from '../../core/intake/to-pdf.ts';
import { pageTags, tiffOf } from './tiff-fixture.ts';

const run = promisify(execFile);
let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'an-thu-to-pdf-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function convert(
  bytes: Buffer,
  options: { defaultDpi?: number; originalName?: string } = {},
): Promise<{ facts: Conversion; path: string; pdf: Buffer }> {
  const inputPath = join(folder, `in-${++count}`);
  const outputPath = join(folder, `out-${count}.pdf`);
  await writeFile(inputPath, bytes);
  const facts = conversionSchema.parse(await convertToPdf({ inputPath, outputPath, ...options }));
  await run('qpdf', ['--check', outputPath]);
  return { facts, path: outputPath, pdf: await readFile(outputPath) };
}

async function codeOfRefusal(bytes: Buffer): Promise<string> {
  const before = await readdir(folder);
  const thrown = await convert(bytes).then(
    () => ({ code: 'converted' }),
    (error: { code: string }) => error,
  );
  const left = (await readdir(folder)).filter((name) => !before.includes(name) && name.startsWith('out-'));
  expect(left).toEqual([]);
  return thrown.code;
}

const codes = (facts: Conversion): string[] => facts.warnings.map((warning) => warning.code);

async function pageSizes(path: string): Promise<string[]> {
  const { stdout } = await run('pdfinfo', ['-f', '1', '-l', '99', path]);
  return [...stdout.matchAll(/size:\s+([\d.]+) x ([\d.]+)/gu)].map((found) => `${found[1]} ${found[2]}`);
}

/** [encoding, bits, colour, x-dpi] of each picture, as poppler sees them. */
async function pictures(path: string): Promise<string[]> {
  const { stdout } = await run('pdfimages', ['-list', path]);
  return stdout
    .split('\n')
    .slice(2)
    .filter((line) => line)
    .map((line) => line.trim().split(/\s+/u))
    .map((cell) => `${cell[8]} ${cell[7]}-bit ${cell[5]} ${cell[12]}dpi`);
}

/** Pixels of the n-th picture as a foreign reader decodes them. */
async function pixelsOf(path: string, index = 0): Promise<Buffer> {
  const prefix = join(folder, `px-${++count}`);
  await run('pdfimages', ['-png', path, prefix]);
  const file = `${prefix}-${String(index).padStart(3, '0')}.png`;
  return sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

const rgbOf = (bytes: Buffer): Promise<Buffer> =>
  sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer();

const largestDifference = (a: Buffer, b: Buffer): number => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? 0))), 0);
};

function drawing(width: number, height: number): Sharp {
  const svg = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fdf6e3"/>
    <rect x="10" y="10" width="${width / 3}" height="${height / 8}" fill="#c01818"/>
    <circle cx="${width * 0.7}" cy="${height * 0.6}" r="${width / 9}" fill="#102080"/></svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#ffffff' });
}

const raw = (width: number, height: number): Promise<Buffer> => drawing(width, height).raw().toBuffer();

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

describe('a JPEG scan', () => {
  it('stands in the PDF byte for byte, on a page of its true size', async () => {
    const jpeg = await drawing(1240, 1754).withMetadata({ density: 150 }).jpeg().toBuffer();
    const { facts, path, pdf } = await convert(jpeg);
    expect(pdf.includes(jpeg)).toBe(true);
    expect(await pageSizes(path)).toEqual(['595.2 841.92']);
    expect(await pictures(path)).toEqual(['jpeg 8-bit rgb 150dpi']);
    expect(facts).toMatchObject({
      pages: 1,
      dpi: 150,
      colour: 'colour',
      bitsPerPixel: 24,
      mediaType: 'image/jpeg',
    });
    expect(facts.pageFacts[0]).toMatchObject({ widthMm: 210, heightMm: 297 });
    expect(codes(facts)).toEqual(['intake.low-resolution']);
    expect(facts.warnings[0]?.message).toContain('Độ phân giải thấp hơn 200 dpi (trang 1: 150 dpi)');
  });

  it('makes the same PDF every time', async () => {
    const jpeg = await drawing(400, 300).withMetadata({ density: 300 }).jpeg().toBuffer();
    expect((await convert(jpeg)).pdf.equals((await convert(jpeg)).pdf)).toBe(true);
  });

  it('is warned of when grey', async () => {
    const jpeg = withJfif(await drawing(800, 600).toColourspace('b-w').jpeg().toBuffer(), 300);
    const { facts, path } = await convert(jpeg);
    expect(codes(facts)).toEqual(['intake.not-colour']);
    expect(await pictures(path)).toEqual(['jpeg 8-bit gray 300dpi']);
  });

  it('without a resolution is laid out as A4 when it has A4’s shape, and says so', async () => {
    const { facts, path } = await convert(await drawing(2480, 3508).jpeg().toBuffer());
    expect(facts.dpi).toBe(300);
    expect(codes(facts)).toEqual(['intake.dpi-assumed']);
    expect(await pageSizes(path)).toEqual(['595.2 841.92']);
  });

  it('with a resolution that would make the letter a poster is laid out as A4 too', async () => {
    const { facts } = await convert(
      await drawing(2480, 3508).withMetadata({ density: 72 }).jpeg().toBuffer(),
    );
    expect(facts.dpi).toBe(300);
    expect(codes(facts)).toEqual(['intake.dpi-assumed']);
  });

  it('of another shape without a resolution gets the default and an unknown dpi', async () => {
    const { facts, path } = await convert(await drawing(1000, 1000).jpeg().toBuffer());
    expect(facts.dpi).toBeNull();
    expect(codes(facts)).toEqual(['intake.dpi-assumed']);
    expect(await pageSizes(path)).toEqual(['360 360']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'with EXIF orientation %i is shown upright without touching its bytes',
    async (orientation) => {
      const jpeg = await drawing(300, 200)
        .withMetadata({ density: 72, orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      const { path, pdf, facts } = await convert(jpeg);
      expect(pdf.includes(jpeg)).toBe(true);
      const prefix = join(folder, `shown-${orientation}`);
      await run('pdftoppm', ['-png', '-r', '72', '-singlefile', path, prefix]);
      const shown = await sharp(`${prefix}.png`).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const upright = await sharp(jpeg).rotate().removeAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([shown.info.width, shown.info.height]).toEqual([upright.info.width, upright.info.height]);
      const mean =
        shown.data.reduce((sum, value, at) => sum + Math.abs(value - (upright.data[at] ?? 0)), 0) /
        shown.data.length;
      expect(mean).toBeLessThan(4);
      const wide = (facts.pageFacts[0]?.widthMm ?? 0) > (facts.pageFacts[0]?.heightMm ?? 0);
      expect(wide).toBe(orientation < 5);
    },
  );

  it('in CMYK keeps its colours the right way round', async () => {
    const jpeg = await drawing(300, 200)
      .toColourspace('cmyk')
      .withMetadata({ density: 200 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const { path, pdf } = await convert(jpeg);
    expect(pdf.includes(jpeg)).toBe(true);
    const prefix = join(folder, 'cmyk');
    await run('pdftoppm', ['-png', '-r', '200', '-singlefile', path, prefix]);
    const corner = await sharp(`${prefix}.png`)
      .removeAlpha()
      .extract({ left: 290, top: 190, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect(Math.min(...corner)).toBeGreaterThan(180);
  });
});

/** Puts a JFIF segment with a resolution in front of the others. */
function withJfif(jpeg: Buffer, dpi: number): Buffer {
  const segment = Buffer.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  segment.writeUInt16BE(dpi, 12);
  segment.writeUInt16BE(dpi, 14);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

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
    const pages = await Promise.all(
      sizes.map(async ([width, height, dpi]) => ({
        tags: pageTags({ width, height, bits: [8, 8, 8], compression: 1, photometric: 2, dpi }),
        strips: [await raw(width, height)],
      })),
    );
    const { facts, path } = await convert(tiffOf(pages));
    expect(facts).toMatchObject({ pages: 3, dpi: 100 });
    expect(await pageSizes(path)).toEqual(['72 36', '21.6 32.4', '19.2 19.2']);
    expect(codes(facts)).toEqual(['intake.low-resolution']);
    for (const [index, [width, height]] of sizes.entries()) {
      expect(largestDifference(await pixelsOf(path, index), await raw(width, height))).toBe(0);
    }
  });

  it('written with the high byte first is read as well', async () => {
    const tags = pageTags({
      width: 40,
      height: 30,
      bits: [8, 8, 8],
      compression: 1,
      photometric: 2,
      dpi: 200,
    });
    const { path } = await convert(tiffOf([{ tags, strips: [await raw(40, 30)] }], 'MM'));
    expect(largestDifference(await pixelsOf(path), await raw(40, 30))).toBe(0);
  });

  it('leaves previews beside the page out', async () => {
    const tags = pageTags({
      width: 40,
      height: 30,
      bits: [8, 8, 8],
      compression: 1,
      photometric: 2,
      dpi: 200,
    });
    const page = { tags, strips: [await raw(40, 30)] };
    const preview = { ...page, tags: [[254, 4, [1]] as const, ...tags] };
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

describe('a PDF', () => {
  it('is copied byte for byte, with the resolution and colour of its scan', async () => {
    const jpeg = withJfif(await drawing(1654, 2339).toColourspace('b-w').jpeg().toBuffer(), 200);
    const scan = (await convert(jpeg)).pdf;
    const { facts, pdf } = await convert(scan);
    expect(pdf.equals(scan)).toBe(true);
    expect(facts).toMatchObject({
      pages: 1,
      dpi: 200,
      colour: 'grey',
      bitsPerPixel: 8,
      mediaType: 'application/pdf',
    });
    expect(codes(facts)).toEqual(['intake.not-colour']);
  });

  it('that is no scan has no resolution and no warning', async () => {
    const { facts } = await convert(textPdf());
    expect(facts).toMatchObject({ dpi: null, colour: 'unknown', warnings: [] });
  });

  it('named as a picture is taken for what it is, with a warning', async () => {
    expect(codes((await convert(textPdf(), { originalName: 'thư.JPG' })).facts)).toEqual([
      'intake.type-mismatch',
    ]);
  });

  it('that is damaged or no PDF at all is refused and leaves nothing behind', async () => {
    expect(await codeOfRefusal(Buffer.from('%PDF-1.7\nnothing\nstartxref\n9\n%%EOF\n'))).toBe('pdf.damaged');
    expect(await codeOfRefusal(Buffer.from('PK\x03\x04 a docx'))).toBe('intake.unsupported-type');
    expect(await codeOfRefusal(Buffer.alloc(0))).toBe('intake.unsupported-type');
  });

  it('never overwrites an output', async () => {
    const inputPath = join(folder, 'twice.pdf');
    const outputPath = join(folder, 'twice-out.pdf');
    await writeFile(inputPath, textPdf());
    await convertToPdf({ inputPath, outputPath });
    await expect(convertToPdf({ inputPath, outputPath })).rejects.toMatchObject({
      code: 'general.output-exists',
    });
  });
});

function textPdf(): Buffer {
  const content = deflateSync(Buffer.from('0 0 10 10 re f'));
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>'),
    Buffer.concat([
      Buffer.from(`<< /Filter /FlateDecode /Length ${content.length} >>\nstream\n`),
      content,
      Buffer.from('\nendstream'),
    ]),
  ];
  const parts = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let position = parts[0]?.length ?? 0;
  objects.forEach((body, index) => {
    offsets.push(position);
    const object = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(object);
    position += object.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 5\n0000000000 65535 f \n${rows}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${position}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
