import { AnThuError } from '../shared/errors.ts';
import { reason } from '../shared/reasons.ts';
import type { ByteReader } from './byte-reader.ts';
import { decodeToFlate } from './decode-pixels.ts';
import { orientationOf, resolutionOf } from './exif.ts';
import { type JpegFacts, readJpegFacts } from './jpeg-header.ts';
import { type PngFacts, readPngFacts } from './png-header.ts';
import type { PdfImage, ScanColour, ScanPage } from './scan-page.ts';
import { TAG, TiffStructureError, type TiffDirectory, readTiffDirectories } from './tiff-directory.ts';

/** 16,384 × 16,384: an A0 drawing at 400 dpi. */
const MAX_PIXELS = 2 ** 28;
const PIECE = 256 * 1024;

export interface PictureSource {
  readonly path: string;
  /** For the decoded pixels of a large page ({@link decodeToFlate}). */
  readonly scratchPath: string;
  readonly reader: ByteReader;
  readonly maxPages: number;
}

/** A JPEG's one page: the file itself, byte for byte. */
export async function jpegPage({ reader }: PictureSource): Promise<ScanPage> {
  const facts = await readJpegFacts(reader);
  checkSize(facts.width, facts.height);
  return {
    ...jpegPageFacts(facts),
    image: {
      dictionary: jpegDictionary(facts, undefined),
      length: reader.size,
      chunks: () => piecesOf(reader, [{ offset: 0, length: reader.size }]),
    },
  };
}

function jpegPageFacts(facts: JpegFacts): Omit<ScanPage, 'image'> {
  return {
    width: facts.width,
    height: facts.height,
    orientation: facts.orientation,
    statedDpi: facts.dpi,
    colour: facts.components === 1 ? 'grey' : 'colour',
    bitsPerPixel: facts.components * 8,
    notes: [],
  };
}

function jpegDictionary(facts: JpegFacts, colourTransform: 0 | 1 | undefined): string {
  const space = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' }[facts.components];
  const decode = facts.components === 4 && facts.hasAdobeMarker ? ' /Decode [1 0 1 0 1 0 1 0]' : '';
  const parms = colourTransform === undefined ? '' : ` /DecodeParms << /ColorTransform ${colourTransform} >>`;
  return `/ColorSpace /${space} /BitsPerComponent 8${decode} /Filter /DCTDecode${parms}`;
}

/** A PNG's one page: its compressed rows as they are when PDF can show them, else decoded without loss. */
export async function pngPage({ path, reader, scratchPath }: PictureSource): Promise<ScanPage> {
  const facts = await readPngFacts(reader);
  checkSize(facts.width, facts.height);
  const colour = pngColour(facts);
  const image =
    facts.interlaced || facts.hasTransparency
      ? await decodeToFlate({
          path,
          scratchPath,
          page: 0,
          width: facts.width,
          height: facts.height,
          colour,
          bitsPerSample: facts.bitDepth === 16 ? 16 : 8,
        })
      : pngImage(facts, reader);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[facts.colourType] ?? 1;
  return {
    width: facts.width,
    height: facts.height,
    orientation: facts.orientation,
    statedDpi: facts.dpi,
    colour,
    bitsPerPixel: samples * facts.bitDepth,
    image,
    notes: facts.hasTransparency ? [{ code: 'intake.transparency-flattened', detail: {} }] : [],
  };
}

function pngColour(facts: PngFacts): ScanColour {
  if (facts.colourType === 2 || facts.colourType === 6) return 'colour';
  if (facts.colourType !== 3) return facts.bitDepth === 1 && facts.colourType === 0 ? 'bilevel' : 'grey';
  const palette = facts.palette ?? Buffer.alloc(0);
  for (let at = 0; at + 2 < palette.length; at += 3) {
    if (palette[at] !== palette[at + 1] || palette[at] !== palette[at + 2]) return 'colour';
  }
  return 'grey';
}

function pngImage(facts: PngFacts, reader: ByteReader): PdfImage {
  const { width, bitDepth, colourType, palette, data } = facts;
  const colours = colourType === 2 ? 3 : 1;
  const space =
    colourType === 3 && palette
      ? `[/Indexed /DeviceRGB ${palette.length / 3 - 1} <${palette.toString('hex')}>]`
      : colours === 3
        ? '/DeviceRGB'
        : '/DeviceGray';
  const parms = `<< /Predictor 15 /Colors ${colours} /BitsPerComponent ${bitDepth} /Columns ${width} >>`;
  return {
    dictionary: `/ColorSpace ${space} /BitsPerComponent ${bitDepth} /Filter /FlateDecode /DecodeParms ${parms}`,
    length: data.reduce((sum, { length }) => sum + length, 0),
    chunks: () => piecesOf(reader, data),
  };
}

/**
 * The pages of a TIFF in order. JPEG and Group 4 data in one strip go through as they are; anything else is
 * decoded without loss. Previews and masks beside a page are left out. Throws `intake.too-many-pages`,
 * `intake.damaged-image`, `intake.unsupported-image`.
 */
export async function* tiffPages(source: PictureSource): AsyncGenerator<ScanPage> {
  const { reader, maxPages } = source;
  const directories = await readDirectories(reader, maxPages);
  const isPage = ({ tags }: TiffDirectory): boolean => ((tags.get(TAG.newSubfileType)?.[0] ?? 0) & 5) === 0;
  const anyPage = directories.some(isPage);
  for (const [index, directory] of directories.entries()) {
    if (!anyPage || isPage(directory)) yield await tiffPage(source, directory, index);
  }
}

async function readDirectories(reader: ByteReader, maxPages: number): Promise<TiffDirectory[]> {
  try {
    const directories = await readTiffDirectories(reader, maxPages);
    if (directories.length > maxPages) throw new AnThuError('intake.too-many-pages', { limit: maxPages });
    return directories;
  } catch (thrown) {
    if (thrown instanceof TiffStructureError) {
      throw new AnThuError('intake.damaged-image', { reason: reason(thrown.code) });
    }
    throw thrown;
  }
}

async function tiffPage(source: PictureSource, directory: TiffDirectory, index: number): Promise<ScanPage> {
  const one = (tag: number, fallback: number): number => directory.tags.get(tag)?.[0] ?? fallback;
  const width = one(TAG.width, 0);
  const height = one(TAG.height, 0);
  checkSize(width, height);
  const photometric = one(TAG.photometric, 1);
  const samples = one(TAG.samplesPerPixel, 1);
  const bits = one(TAG.bitsPerSample, 1);
  const colour: ScanColour = photometric > 1 ? 'colour' : bits === 1 && samples === 1 ? 'bilevel' : 'grey';
  const extra = directory.tags.get(TAG.extraSamples)?.length ?? 0;
  const facts = {
    width,
    height,
    orientation: orientationOf(directory),
    statedDpi: resolutionOf(directory),
    colour,
    bitsPerPixel: samples * bits,
  };
  const asItIs = await passThrough(source.reader, directory, colour);
  if (asItIs) return { ...facts, image: asItIs, notes: [] };
  const image = await decodeToFlate({
    path: source.path,
    scratchPath: source.scratchPath,
    page: index,
    width,
    height,
    colour,
    bitsPerSample: bits === 16 ? 16 : 8,
  });
  const converted = photometric === 5 || photometric === 8;
  return {
    ...facts,
    image,
    notes: [
      ...(extra > 0 ? [{ code: 'intake.transparency-flattened' as const, detail: {} }] : []),
      ...(converted ? [{ code: 'intake.colour-converted' as const, detail: {} }] : []),
    ],
  };
}

/** The strip's own bytes when PDF has a filter for them and the page is one strip. */
async function passThrough(
  reader: ByteReader,
  directory: TiffDirectory,
  colour: ScanColour,
): Promise<PdfImage | undefined> {
  const { tags } = directory;
  const offsets = tags.get(TAG.stripOffsets);
  const length = tags.get(TAG.stripByteCounts)?.[0];
  if (offsets?.length !== 1 || length === undefined) return undefined;
  const strip = { offset: offsets[0] ?? 0, length };
  const compression = tags.get(TAG.compression)?.[0] ?? 1;
  if (compression === 4 && colour === 'bilevel') return groupFourImage(reader, directory, strip);
  if (compression === 7) return jpegStripImage(reader, directory, strip);
  return undefined;
}

interface Extent {
  readonly offset: number;
  readonly length: number;
}

function groupFourImage(reader: ByteReader, { tags }: TiffDirectory, strip: Extent): PdfImage {
  const reversed = tags.get(TAG.fillOrder)?.[0] === 2;
  // TIFF's BlackIsZero is the case in which the coded "black" runs are shown white.
  const blackIs1 = tags.get(TAG.photometric)?.[0] === 1;
  const parms =
    `<< /K -1 /Columns ${tags.get(TAG.width)?.[0] ?? 0} /Rows ${tags.get(TAG.height)?.[0] ?? 0}` +
    `${blackIs1 ? ' /BlackIs1 true' : ''} >>`;
  return {
    dictionary: `/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms ${parms}`,
    length: strip.length,
    chunks: () => (reversed ? reversedPieces(reader, strip) : piecesOf(reader, [strip])),
  };
}

async function* reversedPieces(reader: ByteReader, strip: Extent): AsyncGenerator<Uint8Array> {
  for await (const piece of piecesOf(reader, [strip])) yield piece.map((byte) => REVERSED[byte] ?? 0);
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
  return reversed;
});

/** The strip is an abbreviated JPEG stream: the tables go in front of it, nothing is coded anew. */
async function jpegStripImage(
  reader: ByteReader,
  directory: TiffDirectory,
  strip: Extent,
): Promise<PdfImage | undefined> {
  const start = await reader.read(strip.offset, 2);
  if (start[0] !== 0xff || start[1] !== 0xd8) return undefined;
  const tables = directory.jpegTables;
  const head = tables && tables.length >= 4 ? tables.subarray(0, tables.length - 2) : start;
  const rest = { offset: strip.offset + 2, length: strip.length - 2 };
  const facts = await readJpegFacts({
    size: head.length + rest.length,
    read: async (offset, length) => {
      const fromHead = head.subarray(offset, offset + length);
      const from = rest.offset + Math.max(0, offset - head.length);
      return Buffer.concat([fromHead, await reader.read(from, length - fromHead.length)]);
    },
  });
  const isSamePicture =
    facts.width === directory.tags.get(TAG.width)?.[0] &&
    facts.height === directory.tags.get(TAG.height)?.[0];
  if (!isSamePicture || facts.components === 4) return undefined;
  const isRgb = directory.tags.get(TAG.photometric)?.[0] === 2;
  return {
    dictionary: jpegDictionary(facts, facts.components === 3 ? (isRgb ? 0 : 1) : undefined),
    length: head.length + rest.length,
    async *chunks() {
      yield head;
      yield* piecesOf(reader, [rest]);
    },
  };
}

async function* piecesOf(reader: ByteReader, extents: readonly Extent[]): AsyncGenerator<Uint8Array> {
  for (const { offset, length } of extents) {
    for (let done = 0; done < length; done += PIECE) {
      yield await reader.read(offset + done, Math.min(PIECE, length - done));
    }
  }
}

function checkSize(width: number, height: number): void {
  if (width === 0 || height === 0)
    throw new AnThuError('intake.damaged-image', { reason: reason('picture.no-size') });
  if (width * height > MAX_PIXELS) throw new AnThuError('intake.image-too-large', { width, height });
}
