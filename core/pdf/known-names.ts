import { PdfName } from './objects.ts';

/** Places in the table; a name that finds its place taken replaces what is there. */
const PLACES = 2048;
/** Longer names are seldom met twice. */
const LONGEST = 32;

const table: (PdfName | undefined)[] = Array.from({ length: PLACES }, () => undefined);

/**
 * The name that stands at `from` to `to` of some bytes (none of them `#`). The names of a file are the same few over and over:
 * each is made once, for a file of 100,000 objects would make a million strings. The table is small whatever is read.
 */
export function nameAt(bytes: Uint8Array, from: number, to: number): PdfName {
  const length = to - from;
  if (length > LONGEST) return new PdfName(latin1(bytes, from, to));
  let mark = length;
  for (let index = from; index < to; index++) mark = (mark * 31 + (bytes[index] ?? 0)) | 0;
  const place = mark & (PLACES - 1);
  const known = table[place];
  if (known !== undefined && stands(known.value, bytes, from, length)) return known;
  return (table[place] = new PdfName(latin1(bytes, from, to)));
}

function stands(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++)
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  return true;
}

/** Bytes as text of one character each. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  if (to - from > 24) return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  for (let index = from; index < to; index++) text += String.fromCharCode(bytes[index] ?? 0);
  return text;
}
