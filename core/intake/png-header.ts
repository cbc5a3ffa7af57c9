import { crc32 } from 'node:zlib';
import { AnThuError } from '../shared/errors.ts';
import { reason } from '../shared/reasons.ts';
import type { ByteReader } from './byte-reader.ts';
import { type Orientation, readExif, tidyDpi } from './exif.ts';
import type { Dpi } from './image-scale.ts';

export interface PngFacts {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha. */
  readonly colourType: number;
  readonly interlaced: boolean;
  readonly hasTransparency: boolean;
  readonly palette: Buffer | undefined;
  readonly dpi: Dpi | undefined;
  readonly orientation: Orientation;
  /** Where the compressed rows lie. */
  readonly data: readonly { readonly offset: number; readonly length: number }[];
}

const MAX_CHUNKS = 200_000;
const PIECE = 1024 * 1024;

/** Reads a PNG's chunks and checks the checksum of each that counts. Throws `intake.damaged-image`. */
export async function readPngFacts(reader: ByteReader): Promise<PngFacts> {
  const header = await chunkBody(reader, 8, 'IHDR', 13);
  let palette: Buffer | undefined;
  let dpi: Dpi | undefined;
  let orientation: Orientation = 1;
  let transparent = false;
  const data: { offset: number; length: number }[] = [];
  let at = 33;
  for (let chunks = 0; chunks < MAX_CHUNKS; chunks++) {
    const head = await reader.read(at, 8);
    if (head.length < 8) throw damaged(reason('picture.ends-early'));
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (at + 12 + length > reader.size) throw damaged(reason('picture.ends-early'));
    if (type === 'IDAT') {
      await checkData(reader, at, length);
      data.push({ offset: at + 8, length });
    } else if (type === 'PLTE') palette = await chunkBody(reader, at, type, length);
    else if (type === 'tRNS') transparent = true;
    else if (type === 'pHYs') dpi = physicalResolution(await chunkBody(reader, at, type, length));
    else if (type === 'eXIf')
      orientation = (await readExif(await chunkBody(reader, at, type, length))).orientation;
    else if (type === 'IEND') break;
    at += 12 + length;
  }
  const colourType = header[9] ?? 0;
  if (data.length === 0 || (colourType === 3 && !palette)) throw damaged(reason('picture.parts-missing'));
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    bitDepth: header[8] ?? 8,
    colourType,
    interlaced: header[12] !== 0,
    hasTransparency: transparent || colourType === 4 || colourType === 6,
    palette,
    dpi,
    orientation,
    data,
  };
}

function damaged(why: string): AnThuError {
  return new AnThuError('intake.damaged-image', { reason: why });
}

async function chunkBody(reader: ByteReader, at: number, type: string, length: number): Promise<Buffer> {
  if (length > 16 * PIECE) throw damaged(reason('picture.odd-structure'));
  const chunk = await reader.read(at + 4, length + 8);
  const intact =
    chunk.length === length + 8 &&
    chunk.toString('latin1', 0, 4) === type &&
    crc32(chunk.subarray(0, length + 4)) === chunk.readUInt32BE(length + 4);
  if (!intact) throw damaged(reason('picture.checksum', type));
  return chunk.subarray(4, length + 4);
}

async function checkData(reader: ByteReader, at: number, length: number): Promise<void> {
  let sum = 0;
  for (let done = 0; done < length + 4; done += PIECE) {
    sum = crc32(await reader.read(at + 4 + done, Math.min(PIECE, length + 4 - done)), sum);
  }
  const stated = await reader.read(at + 8 + length, 4);
  if (stated.length < 4 || stated.readUInt32BE(0) !== sum) throw damaged(reason('picture.checksum', 'IDAT'));
}

function physicalResolution(body: Buffer): Dpi | undefined {
  if (body.length < 9 || body[8] !== 1) return undefined;
  return { x: tidyDpi(body.readUInt32BE(0) * 0.0254), y: tidyDpi(body.readUInt32BE(4) * 0.0254) };
}
