import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createDeflate } from 'node:zlib';
import sharp from 'sharp';
import { reason } from '../shared/reasons.ts';
import { requireSpace } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import type { PdfImage, ScanColour } from './scan-page.ts';

const BAND_BYTES = 16 * 1024 * 1024;

sharp.cache(false);
sharp.concurrency(1);

export interface DecodeOptions {
  readonly path: string;
  /** Where the pixels of a large picture may lie meanwhile; a name ending in `.v`, beside the PDF being made. */
  readonly scratchPath: string;
  /** Zero-based place in a multi-page file. */
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly colour: ScanColour;
  readonly bitsPerSample: 8 | 16;
}

/**
 * Decodes a picture without loss and packs it for FlateDecode, band by band, so that only the compressed page is
 * held. Transparent parts are put on white. Throws `intake.damaged-image`, `store.disk-full`.
 */
export async function decodeToFlate(options: DecodeOptions): Promise<PdfImage> {
  const { width, height, colour, bitsPerSample, scratchPath } = options;
  const samples = colour === 'colour' ? 3 : 1;
  const rowBytes = width * samples * (bitsPerSample / 8);
  const bandRows = Math.max(1, Math.min(height, Math.floor(BAND_BYTES / rowBytes)));
  const deflater = createRowDeflater();
  try {
    // Of an interlaced picture, or one in strips, every band would cost as much as the whole of it.
    const source = bandRows < height ? await decodeOnce(options, samples, rowBytes * height) : options;
    for (let top = 0; top < height; top += bandRows) {
      const rows = Math.min(bandRows, height - top);
      const pixels = await decodeBand(source, top, rows, samples);
      await deflater.add(colour === 'bilevel' ? packBits(pixels, width, rows) : pixels);
    }
  } finally {
    await rm(scratchPath, { force: true });
  }
  const chunks = await deflater.finish();
  const bits = colour === 'bilevel' ? 1 : bitsPerSample;
  return {
    dictionary: `/ColorSpace /${samples === 3 ? 'DeviceRGB' : 'DeviceGray'} /BitsPerComponent ${bits} /Filter /FlateDecode`,
    length: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    chunks: () => chunks,
  };
}

/** What bands are read from: the file itself, or its pixels laid out plainly (libvips' own format). */
interface PixelSource extends Pick<DecodeOptions, 'path' | 'width' | 'height' | 'bitsPerSample'> {
  /** Of a file with pages. */
  readonly page?: number;
}

/** Reads the file once, from beginning to end, into a scratch file that is read in any order at no cost. */
async function decodeOnce(options: DecodeOptions, samples: number, bytes: number): Promise<PixelSource> {
  const { path, page, width, height, bitsPerSample, scratchPath } = options;
  const folder = dirname(scratchPath);
  await requireSpace(folder, bytes);
  try {
    const info = await sharp(path, { page, pages: 1, sequentialRead: true, ...asTheyAre })
      .flatten({ background: '#ffffff' })
      .toColourspace(spaceOf(samples, bitsPerSample))
      .toFile(scratchPath);
    if (info.width !== width || info.height !== height)
      throw new Error(`${info.width} × ${info.height} pixels where ${width} × ${height} were announced`);
    return { path: scratchPath, width, height, bitsPerSample };
  } catch (thrown) {
    // The decoder does not tell why it could not write.
    await requireSpace(folder, 0, 0);
    throw damaged(thrown);
  }
}

const asTheyAre = { limitInputPixels: false, failOn: 'error' } as const;

function spaceOf(samples: number, bitsPerSample: number): 'rgb16' | 'srgb' | 'grey16' | 'b-w' {
  if (samples === 3) return bitsPerSample === 16 ? 'rgb16' : 'srgb';
  return bitsPerSample === 16 ? 'grey16' : 'b-w';
}

function damaged(thrown: unknown): AnThuError {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new AnThuError(
    'intake.damaged-image',
    { reason: reason('picture.decoder', said) },
    { cause: thrown },
  );
}

async function decodeBand(source: PixelSource, top: number, rows: number, samples: number): Promise<Buffer> {
  const { path, page, width, bitsPerSample } = source;
  const wide = bitsPerSample === 16;
  try {
    const { data, info } = await sharp(path, { ...(page !== undefined && { page, pages: 1 }), ...asTheyAre })
      .extract({ left: 0, top, width, height: rows })
      .flatten({ background: '#ffffff' })
      .toColourspace(spaceOf(samples, bitsPerSample))
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== samples || data.length !== width * rows * samples * (wide ? 2 : 1)) {
      throw new Error(`${info.channels} channels where ${samples} were announced`);
    }
    // PDF wants the high byte first.
    return wide ? data.swap16() : data;
  } catch (thrown) {
    throw damaged(thrown);
  }
}

/** 1 bit a pixel, 1 = white, rows padded to whole bytes. */
function packBits(pixels: Buffer, width: number, rows: number): Buffer {
  const rowBytes = Math.ceil(width / 8);
  const packed = Buffer.alloc(rowBytes * rows);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      if ((pixels[row * width + x] ?? 0) < 128) continue;
      const at = row * rowBytes + (x >> 3);
      packed[at] = (packed[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return packed;
}

interface RowDeflater {
  add(bytes: Buffer): Promise<void>;
  finish(): Promise<readonly Buffer[]>;
}

/** One zlib stream fed in pieces. */
function createRowDeflater(): RowDeflater {
  const stream = createDeflate();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    add: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    async finish() {
      const ended = once(stream, 'end');
      stream.end();
      await ended;
      return chunks;
    },
  };
}
