import type { FileHandle } from 'node:fs/promises';
import { reason } from '../shared/reasons.ts';
import { type ByteReader, fileReader } from './byte-reader.ts';
import { SNIFF_BYTES, type SniffedType, sniffType } from './sniff.ts';
import { TiffStructureError, readTiffDirectories } from './tiff-directory.ts';

/** Whether a file looks finished, from its head and tail only. `reason` is a coded one (reasons.ts). */
export type Completeness =
  | { readonly complete: true; readonly type: SniffedType }
  | { readonly complete: false; readonly type: SniffedType; readonly reason: string };

const PDF_TAIL = 4096;
const JPEG_TAIL = 64 * 1024;
const PNG_TAIL = 4096;
const MAX_JPEG_SEGMENTS = 4000;
const MAX_TIFF_PAGES = 4000;

/**
 * A cheap look for files that are still being written or only preallocated (findings/peers-capture-sync-desktop.md
 * §2.3 rule 2): PDF header and end, JPEG up to EOI, PNG up to IEND, TIFF directories within the file. It is not a
 * check of the content; a file of another type counts as complete unless it begins with zeros.
 */
export async function probeCompleteness(file: FileHandle, size: number): Promise<Completeness> {
  return probeBytes(fileReader(file, size));
}

/** {@link probeCompleteness} over any source of bytes. */
export async function probeBytes(reader: ByteReader): Promise<Completeness> {
  const head = await reader.read(0, SNIFF_BYTES);
  const type = sniffType(head);
  const missing = await missingPart(type, reader, head);
  return missing === undefined ? { complete: true, type } : { complete: false, type, reason: missing };
}

async function missingPart(type: SniffedType, reader: ByteReader, head: Buffer): Promise<string | undefined> {
  switch (type) {
    case 'pdf':
      return pdfMissing(reader);
    case 'jpeg':
      return jpegMissing(reader);
    case 'png':
      return pngMissing(reader);
    case 'tiff':
      return tiffMissing(reader);
    case 'unknown':
      return head.subarray(0, 16).every((byte) => byte === 0) ? reason('scan.zeros') : undefined;
  }
}

async function pdfMissing(reader: ByteReader): Promise<string | undefined> {
  const start = Math.max(0, reader.size - PDF_TAIL);
  const tail = (await reader.read(start, PDF_TAIL)).toString('latin1');
  const end = /startxref\s+(\d{1,12})\s+%%EOF(?![\s\S]*startxref)/u.exec(tail);
  if (!end) return reason('scan.no-end');
  return Number(end[1]) < reader.size ? undefined : reason('scan.cut-short');
}

async function jpegMissing(reader: ByteReader): Promise<string | undefined> {
  let at = 2;
  for (let segments = 0; segments < MAX_JPEG_SEGMENTS; segments++) {
    const mark = await reader.read(at, 4);
    if (mark.length < 4 || mark[0] !== 0xff) return reason('scan.cut-short');
    if (mark[1] === 0xff) {
      at += 1;
      continue;
    }
    if (mark[1] === 0xda) return jpegEndMissing(reader, at);
    at += 2 + mark.readUInt16BE(2);
  }
  return reason('scan.cut-short');
}

/** Within a scan FF D9 stands for nothing but the end; before it, an embedded preview has one of its own. */
async function jpegEndMissing(reader: ByteReader, scan: number): Promise<string | undefined> {
  const start = Math.max(scan, reader.size - JPEG_TAIL);
  const tail = await reader.read(start, reader.size - start);
  return tail.includes(Buffer.from([0xff, 0xd9])) ? undefined : reason('scan.no-end');
}

async function pngMissing(reader: ByteReader): Promise<string | undefined> {
  const tail = await reader.read(Math.max(8, reader.size - PNG_TAIL), PNG_TAIL);
  const end = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
  return tail.includes(end) ? undefined : reason('scan.no-end');
}

async function tiffMissing(reader: ByteReader): Promise<string | undefined> {
  try {
    await readTiffDirectories(reader, MAX_TIFF_PAGES);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof TiffStructureError) return reason(thrown.code);
    throw thrown;
  }
}
