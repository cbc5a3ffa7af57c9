/** Size of a page in pixels. */
interface PageSize {
  readonly width: number;
  readonly height: number;
}

const short = 3;
const long = 4;
const rational = 5;
const jpegCompression = 7;
const ycbcr = 6;

/**
 * A little-endian multi-page TIFF whose pages are whole JPEG streams (compression 7, one strip a page), as
 * office scanners write it.
 */
export function multiPageTiff(jpegs: readonly Buffer[], sizes: readonly PageSize[], dpi: number): Buffer {
  const parts: Buffer[] = [];
  const header = Buffer.alloc(8);
  header.write('II');
  header.writeUInt16LE(42, 2);
  header.writeUInt32LE(8, 4);
  parts.push(header);
  let offset = 8;
  jpegs.forEach((jpeg, page) => {
    const { width, height } = sizes[page]!;
    const entries: [tag: number, type: number, count: number, value: number][] = [];
    const directoryBytes = 2 + 14 * 12 + 4;
    const extra = offset + directoryBytes;
    const strip = extra + 22;
    const padded = jpeg.length + (jpeg.length % 2);
    const next = page === jpegs.length - 1 ? 0 : strip + padded;
    entries.push(
      [254, long, 1, jpegs.length > 1 ? 2 : 0],
      [256, long, 1, width],
      [257, long, 1, height],
      [258, short, 3, extra],
      [259, short, 1, jpegCompression],
      [262, short, 1, ycbcr],
      [273, long, 1, strip],
      [277, short, 1, 3],
      [278, long, 1, height],
      [279, long, 1, jpeg.length],
      [282, rational, 1, extra + 6],
      [283, rational, 1, extra + 14],
      [296, short, 1, 2],
      [530, short, 2, 2 | (2 << 16)],
    );
    const directory = Buffer.alloc(directoryBytes + 22);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, type, count, value], index) => {
      const at = 2 + index * 12;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(type, at + 2);
      directory.writeUInt32LE(count, at + 4);
      directory.writeUInt32LE(value, at + 8);
    });
    directory.writeUInt32LE(next, 2 + 14 * 12);
    for (let i = 0; i < 3; i++) directory.writeUInt16LE(8, directoryBytes + i * 2);
    for (const at of [directoryBytes + 6, directoryBytes + 14]) {
      directory.writeUInt32LE(dpi, at);
      directory.writeUInt32LE(1, at + 4);
    }
    parts.push(directory, jpeg, Buffer.alloc(padded - jpeg.length));
    offset = strip + padded;
  });
  return Buffer.concat(parts);
}
