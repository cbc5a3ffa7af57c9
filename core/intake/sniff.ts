import { extname } from 'node:path';

/** File types that intake takes, by content. */
export type SniffedType = 'pdf' | 'jpeg' | 'png' | 'tiff' | 'unknown';

/** Bytes of the head that {@link sniffType} wants to see. */
export const SNIFF_BYTES = 1024;

const EXTENSIONS: Readonly<Record<string, SniffedType>> = {
  '.pdf': 'pdf',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.jfif': 'jpeg',
  '.png': 'png',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};

export const MEDIA_TYPES = {
  pdf: 'application/pdf',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tiff: 'image/tiff',
} as const;

/**
 * The type by content alone. A PDF's header may stand anywhere in the first 1024 bytes, as readers accept it;
 * pictures must begin with theirs.
 */
export function sniffType(head: Uint8Array): SniffedType {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, SNIFF_BYTES));
  if (bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])))
    return 'png';
  const mark = bytes.subarray(0, 4).toString('latin1');
  if (mark === 'II*\0' || mark === 'MM\0*' || mark === 'II+\0' || mark === 'MM\0+') return 'tiff';
  return bytes.includes('%PDF-') ? 'pdf' : 'unknown';
}

/** The extension when it promises another type than the content has (`intake.type-mismatch`). */
export function mismatchedExtension(name: string, type: SniffedType): string | undefined {
  const extension = extname(name).toLowerCase();
  const promised = EXTENSIONS[extension];
  return promised !== undefined && type !== 'unknown' && promised !== type ? extension : undefined;
}
