import type { ByteReader } from './byte-reader.ts';

/** Thrown when a directory or what it points to lies outside the file: half-written or damaged. */
export class TiffStructureError extends Error {
  /** The reason a person is told (contract/reasons.ts); the message is for tests. */
  readonly code: 'picture.ends-early' | 'picture.odd-structure';

  constructor(message: string, code: TiffStructureError['code'] = 'picture.odd-structure') {
    super(message);
    this.code = code;
  }
}

/** Values of one tag; rationals as quotients. */
type TiffValues = readonly number[];

/** One image file directory (page) of a TIFF 6.0 or BigTIFF file. */
export interface TiffDirectory {
  readonly tags: ReadonlyMap<number, TiffValues>;
  /** Bytes of JPEGTables (tag 347), when there. */
  readonly jpegTables: Buffer | undefined;
}

export const TAG = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  t6Options: 293,
  resolutionUnit: 296,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  jpegTables: 347,
} as const;

const WANTED = new Set<number>(Object.values(TAG));
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const MAX_VALUES = 1_000_000;
/** Of all directories together: a thousand pages with a strip a row have about this many. */
const MAX_VALUES_OF_FILE = 8_000_000;
/** Values kept of a tag once its extents are checked: nobody reads further ones, and directories may share a table. */
const KEPT_VALUES = 16;
/** The tables of JPEG take less than 2 kB. */
const MAX_JPEG_TABLES = 64 * 1024;
const EXTENT_TAGS = [
  [TAG.stripOffsets, TAG.stripByteCounts],
  [TAG.tileOffsets, TAG.tileByteCounts],
] as const;
const LONG_TAGS = new Set<number>(EXTENT_TAGS.flat());

interface Layout {
  readonly little: boolean;
  readonly big: boolean;
}

/** What may still be read of a file's tables. */
interface Budget {
  values: number;
}

/**
 * Walks the directory chain, reading the tags that conversion needs, and checks that every directory and every
 * strip or tile lies within the file. Stops with `limit` + 1 pages. Throws {@link TiffStructureError}.
 */
export async function readTiffDirectories(reader: ByteReader, limit: number): Promise<TiffDirectory[]> {
  const header = await exactly(reader, 0, 8);
  const little = header.toString('latin1', 0, 2) === 'II';
  const version = little ? header.readUInt16LE(2) : header.readUInt16BE(2);
  const layout: Layout = { little, big: version === 43 };
  let offset = layout.big
    ? readNumber(await exactly(reader, 8, 8), 0, 8, layout)
    : readNumber(header, 4, 4, layout);
  const seen = new Set<number>();
  const directories: TiffDirectory[] = [];
  const budget: Budget = { values: MAX_VALUES_OF_FILE };
  if (offset === 0) throw new TiffStructureError('no directory yet', 'picture.ends-early');
  while (offset !== 0 && directories.length <= limit) {
    if (seen.has(offset)) throw new TiffStructureError('directories form a circle');
    seen.add(offset);
    const { directory, next } = await readDirectory(reader, offset, layout, budget);
    checkExtents(reader.size, directory);
    directories.push(withoutLongTables(directory));
    offset = next;
  }
  return directories;
}

async function readDirectory(
  reader: ByteReader,
  offset: number,
  layout: Layout,
  budget: Budget,
): Promise<{ directory: TiffDirectory; next: number }> {
  const countBytes = layout.big ? 8 : 2;
  const entryBytes = layout.big ? 20 : 12;
  const offsetBytes = layout.big ? 8 : 4;
  const count = readNumber(await exactly(reader, offset, countBytes), 0, countBytes, layout);
  if (count === 0 || count > 4096) throw new TiffStructureError(`directory of ${count} entries`);
  const body = await exactly(reader, offset + countBytes, count * entryBytes + offsetBytes);
  const tags = new Map<number, TiffValues>();
  let jpegTables: Buffer | undefined;
  for (let index = 0; index < count; index++) {
    const entry = body.subarray(index * entryBytes, (index + 1) * entryBytes);
    const tag = readNumber(entry, 0, 2, layout);
    if (!WANTED.has(tag)) continue;
    const type = readNumber(entry, 2, 2, layout);
    const stated = readNumber(entry, 4, offsetBytes, layout);
    const size = TYPE_BYTES[type];
    const most = tag === TAG.jpegTables ? MAX_JPEG_TABLES : MAX_VALUES;
    if (size === undefined || stated > most) throw new TiffStructureError(`tag ${tag} of odd shape`);
    const whole = LONG_TAGS.has(tag) || tag === TAG.jpegTables || size * stated <= offsetBytes;
    const values = whole ? stated : Math.min(stated, KEPT_VALUES);
    budget.values -= values;
    if (budget.values < 0) throw new TiffStructureError('tables longer than the pictures of a scan need');
    const inline = entry.subarray(4 + offsetBytes);
    const raw =
      size * values <= offsetBytes
        ? inline.subarray(0, size * values)
        : await exactly(reader, readNumber(inline, 0, offsetBytes, layout), size * values);
    if (tag === TAG.jpegTables) jpegTables = Buffer.from(raw);
    else tags.set(tag, decodeValues(raw, type, size, layout));
  }
  return { directory: { tags, jpegTables }, next: readNumber(body, count * entryBytes, offsetBytes, layout) };
}

function decodeValues(raw: Buffer, type: number, size: number, layout: Layout): number[] {
  const values: number[] = [];
  for (let at = 0; at + size <= raw.length; at += size) {
    if (type === 5 || type === 10) {
      const denominator = readNumber(raw, at + 4, 4, layout);
      values.push(denominator === 0 ? 0 : readNumber(raw, at, 4, layout) / denominator);
    } else if (type === 11) values.push(layout.little ? raw.readFloatLE(at) : raw.readFloatBE(at));
    else if (type === 12) values.push(layout.little ? raw.readDoubleLE(at) : raw.readDoubleBE(at));
    else values.push(readNumber(raw, at, size, layout));
  }
  return values;
}

function readNumber(bytes: Buffer, at: number, size: number, layout: Layout): number {
  if (size === 8) {
    const value = Number(layout.little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    if (!Number.isSafeInteger(value))
      throw new TiffStructureError('offset outside the file', 'picture.ends-early');
    return value;
  }
  return layout.little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}

async function exactly(reader: ByteReader, offset: number, length: number): Promise<Buffer> {
  if (offset + length > reader.size)
    throw new TiffStructureError('ends before its structure', 'picture.ends-early');
  const bytes = await reader.read(offset, length);
  if (bytes.length < length) throw new TiffStructureError('ends before its structure', 'picture.ends-early');
  return bytes;
}

function checkExtents(size: number, directory: TiffDirectory): void {
  for (const [offsetsTag, countsTag] of EXTENT_TAGS) {
    const offsets = directory.tags.get(offsetsTag);
    if (!offsets) continue;
    const counts = directory.tags.get(countsTag) ?? [];
    offsets.forEach((offset, index) => {
      if (offset + (counts[index] ?? 0) > size)
        throw new TiffStructureError('picture data not there yet', 'picture.ends-early');
    });
  }
}

function withoutLongTables({ tags, jpegTables }: TiffDirectory): TiffDirectory {
  return { tags: new Map([...tags].map(([tag, values]) => [tag, values.slice(0, KEPT_VALUES)])), jpegTables };
}
