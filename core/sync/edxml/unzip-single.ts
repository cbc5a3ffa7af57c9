import { crc32, inflateRawSync } from 'node:zlib';
import type { EdxmlCaps } from './types.ts';
import { hostile, invalid } from './guarded-xml.ts';

const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const CENTRAL_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const ENCRYPTED = 0x0001;

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
}

function findEnd(zip: Buffer): number {
  const earliest = Math.max(0, zip.length - 22 - 0xffff);
  for (let at = zip.length - 22; at >= earliest; at--) {
    if (
      zip.readUInt32LE(at) === END_OF_CENTRAL_DIRECTORY &&
      at + 22 + zip.readUInt16LE(at + 20) === zip.length
    ) {
      return at;
    }
  }
  throw invalid('attachment is not a zip file');
}

function inflate(packed: Buffer, method: number, size: number): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw invalid(`zip method ${method}`);
  try {
    // One byte over the announced size is enough to catch a lie without inflating it all.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw hostile('zip entry is larger than it says');
    throw invalid('damaged zip entry');
  }
}

/**
 * The one file inside an attachment that an SDK zipped (domain/vietnam.md §5.1: one entry, its name the original
 * name). Read from the central directory, which must agree with the local header; stored and deflated entries
 * only, no encryption, no ZIP64, no links, no folders, sizes and ratio under `caps`, CRC checked.
 * Errors: `sync.edxml-hostile`, `sync.edxml-invalid`.
 */
export function unzipSingle(zip: Buffer, caps: EdxmlCaps): ZipEntry {
  if (zip.length < 22) throw invalid('attachment is not a zip file');
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  const directory = zip.readUInt32LE(end + 16);
  const directoryBytes = zip.readUInt32LE(end + 12);
  if (count !== 1) throw invalid(`zipped attachment holds ${count} entries instead of one`);
  if (directoryBytes < 46 || directory + directoryBytes !== end) throw invalid('zip directory out of place');
  if (zip.readUInt32LE(directory) !== CENTRAL_ENTRY) throw invalid('zip directory is damaged');
  const flags = zip.readUInt16LE(directory + 8);
  const method = zip.readUInt16LE(directory + 10);
  const crc = zip.readUInt32LE(directory + 16);
  const packedSize = zip.readUInt32LE(directory + 20);
  const size = zip.readUInt32LE(directory + 24);
  const nameLength = zip.readUInt16LE(directory + 28);
  const unixMode = zip.readUInt32LE(directory + 38) >>> 16;
  const local = zip.readUInt32LE(directory + 42);
  if (flags & ENCRYPTED) throw invalid('zipped attachment is encrypted');
  if (packedSize === 0xffffffff || size === 0xffffffff) throw invalid('ZIP64 is not accepted');
  if (size > caps.attachmentBytes) throw hostile(`zip entry of ${size} bytes, over ${caps.attachmentBytes}`);
  if (size > caps.zipRatio * Math.max(packedSize, 1024)) throw hostile(`zip ratio over ${caps.zipRatio}`);
  if ((unixMode & 0xf000) === 0xa000) throw hostile('zip entry is a link');
  if (directory + 46 + nameLength > end) throw invalid('zip directory is damaged');
  const nameBytes = zip.subarray(directory + 46, directory + 46 + nameLength);
  // Java and .NET write UTF-8 names whether or not they set the flag.
  const name = nameBytes.toString('utf8');
  if (/(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\0/.test(name))
    throw hostile('zip entry name leaves its folder');
  if (name.endsWith('/')) throw invalid('zipped attachment is a folder');
  if (local + 30 > directory || zip.readUInt32LE(local) !== LOCAL_HEADER)
    throw invalid('zip entry out of place');
  const localNameLength = zip.readUInt16LE(local + 26);
  const data = local + 30 + localNameLength + zip.readUInt16LE(local + 28);
  if (data + packedSize > directory) throw hostile('zip entry overlaps the directory');
  if (!zip.subarray(local + 30, local + 30 + localNameLength).equals(nameBytes)) {
    throw hostile('zip entry has two names');
  }
  const content = inflate(zip.subarray(data, data + packedSize), method, size);
  if (content.length !== size || crc32(content) !== crc) throw invalid('zip entry is damaged');
  return { name, data: content };
}
