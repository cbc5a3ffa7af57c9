import { once } from 'node:events';
import { createDeflate } from 'node:zlib';
import sharp from 'sharp';
import { AnThuError } from '../shared/errors.ts';
import type { PdfImage, ScanColour } from './scan-page.ts';

const BAND_BYTES = 16 * 1024 * 1024;

sharp.cache(false);
sharp.concurrency(1);

export interface DecodeOptions {
  readonly path: string;
  /** Zero-based place in a multi-page file. */
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly colour: ScanColour;
  readonly bitsPerSample: 8 | 16;
}

/**
 * Decodes a picture without loss and packs it for FlateDecode, band by band, so that only the compressed page is
 * held. Transparent parts are put on white. Throws `intake.damaged-image`.
 */
export async function decodeToFlate(options: DecodeOptions): Promise<PdfImage> {
  const { width, height, colour, bitsPerSample } = options;
  const samples = colour === 'colour' ? 3 : 1;
  const rowBytes = width * samples * (bitsPerSample / 8);
  const bandRows = Math.max(1, Math.min(height, Math.floor(BAND_BYTES / rowBytes)));
  const deflater = createRowDeflater();
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const pixels = await decodeBand(options, top, rows, samples);
    await deflater.add(colour === 'bilevel' ? packBits(pixels, width, rows) : pixels);
  }
  const chunks = await deflater.finish();
  const bits = colour === 'bilevel' ? 1 : bitsPerSample;
  return {
    dictionary: `/ColorSpace /${samples === 3 ? 'DeviceRGB' : 'DeviceGray'} /BitsPerComponent ${bits} /Filter /FlateDecode`,
    length: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    chunks: () => chunks,
  };
}

async function decodeBand(
  options: DecodeOptions,
  top: number,
  rows: number,
  samples: number,
): Promise<Buffer> {
  const { path, page, width, bitsPerSample } = options;
  const wide = bitsPerSample === 16;
  const space = samples === 3 ? (wide ? 'rgb16' : 'srgb') : wide ? 'grey16' : 'b-w';
  try {
    const { data, info } = await sharp(path, { page, pages: 1, limitInputPixels: false, failOn: 'error' })
      .extract({ left: 0, top, width, height: rows })
      .flatten({ background: '#ffffff' })
      .toColourspace(space)
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== samples || data.length !== width * rows * samples * (wide ? 2 : 1)) {
      throw new Error(`${info.channels} channels where ${samples} were announced`);
    }
    // PDF wants the high byte first.
    return wide ? data.swap16() : data;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : String(thrown);
    throw new AnThuError('intake.damaged-image', { reason }, { cause: thrown });
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
