import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bufferSource } from '../pdf/byte-source.ts';
import { FileDigests } from './file-digests.ts';

const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const sha256 = (...parts: readonly Uint8Array[]): string =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex');
const rangeAt = (gapStart: number, gapEnd: number, end: number) =>
  ({ gapStart, gapEnd, end, brackets: 'in-gap' }) as const;
const hashed = (length: number) => ({
  bytes: length,
  state: createHash('sha256').update(bytes.subarray(0, length)),
});

describe('digests of a file whose beginning was hashed before', () => {
  test.each([
    ['a gap behind it', 2000, rangeAt(3000, 4000, 5000)],
    ['a gap right at its end', 3000, rangeAt(3000, 4000, 5000)],
    ['a gap inside it, where it is of no use', 3500, rangeAt(3000, 4000, 5000)],
    ['an earlier signature inside it', 4500, rangeAt(1000, 1200, 2000)],
  ])('are those of a file hashed from the first byte: %s', async (_, length, range) => {
    const beginning = hashed(length);
    const digests = await FileDigests.read(bufferSource(bytes, beginning), [range]);
    expect(digests.sha256).toBe(sha256(bytes));
    const covered = [bytes.subarray(0, range.gapStart), bytes.subarray(range.gapEnd, range.end)];
    expect(Buffer.from(await digests.ofRange(range, 'sha256')).toString('hex')).toBe(sha256(...covered));
    const other = createHash('sha512').update(Buffer.concat(covered)).digest('hex');
    expect(Buffer.from(await digests.ofRange(range, 'sha512')).toString('hex')).toBe(other);
    // Whoever lent the state goes on with it.
    expect(beginning.state.digest('hex')).toBe(sha256(bytes.subarray(0, length)));
  });

  test('are taken from the state, so that only what follows is read again', async () => {
    const read: number[] = [];
    const whole = bufferSource(bytes, hashed(4000));
    const source = {
      ...whole,
      view: (offset: number, length: number) => {
        read.push(offset);
        return bytes.subarray(offset, offset + length);
      },
    };
    expect((await FileDigests.read(source, [])).sha256).toBe(sha256(bytes));
    expect(read).toEqual([4000]);
  });
});
