import { strictAssert } from '../shared/assert.ts';

/** Four numbers of /ByteRange: two stretches as offset and length. */
export type WrittenByteRange = readonly [0, number, number, number];

/** Room for `[0 n n n]` with numbers of up to 10 digits; the text that `@signpdf` looks for. */
export const BYTE_RANGE_PLACEHOLDER = '[0 /********** /********** /**********]';

/** Puts the range in the place of its placeholder. */
export function writeByteRange(bytes: Buffer, at: number, range: WrittenByteRange): void {
  const text = `[${range.join(' ')}]`;
  strictAssert(text.length <= BYTE_RANGE_PLACEHOLDER.length, 'the byte range fits its place');
  bytes.write(text.padEnd(BYTE_RANGE_PLACEHOLDER.length), at, 'latin1');
}
