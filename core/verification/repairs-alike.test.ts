import { expect, test } from 'vitest';
import { rawStream } from '../../tests/lib/raw-pdf.ts';
import { append, letter } from '../../tests/verification/raw-letters.ts';
import { bufferSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import { defaultPdfLimits } from '../pdf/limits.ts';
import { repairsAlike } from './repairs-alike.ts';

const isAlike = (file: Buffer): boolean =>
  repairsAlike(new PdfDocument(bufferSource(file), defaultPdfLimits));

/** Letters with a long stream, in which `word` comes to stand at each place about 512 KiB, where the file is read in pieces. */
function* lettersAround(word: string, content = ''): Generator<Buffer> {
  const make = (blank: number): Buffer => letter({ more: [rawStream('', `${' '.repeat(blank)}${content}`)] });
  const blank = 512 * 1024 - make(100_000).lastIndexOf(word) + 100_000;
  for (let shift = -45; shift < 12; shift++) yield make(blank + shift);
}

test('a long file reads the same wherever its words come to stand', () => {
  for (const word of ['endstream', 'endobj']) {
    const verdicts = lettersAround(word).map(isAlike);
    expect(new Set(verdicts)).toEqual(new Set([true]));
  }
});

test('a hidden object is found wherever it stands', () => {
  for (const hidden of ['4 0 obj (x)', '/ObjStm', '/#4fbj#53t#6D', '/X#52ef', 'endstream', 'trailer']) {
    const verdicts = lettersAround(hidden, hidden).map(isAlike);
    expect(new Set(verdicts)).toEqual(new Set([false]));
  }
});

test('of an object with two places the last one counts, and none that was given up', () => {
  const changed = append(letter(), [[4, rawStream('', 'q Q')]]);
  expect(isAlike(changed)).toBe(true);
  const freed = changed.toString('latin1').replace(/4 1\n\d{10} 00000 n/, '4 1\n0000000000 00001 f');
  expect(isAlike(Buffer.from(freed, 'latin1'))).toBe(false);
});

test('streams that all end in one long run of blanks are looked at within bounds', () => {
  const blank = 100_000;
  const make = (count: number, lengths: readonly number[] = []): Buffer => {
    const begin = (length = 0): string => `<< /Length ${String(length).padStart(9, '0')} >>\nstream\n`;
    // Without an end of its own each ends where its length leads.
    const more = Array.from({ length: count }, (_, index) => begin(lengths[index]));
    return letter({ more: [...more, `${begin()}${' '.repeat(blank)}endstream`] });
  };
  const sharing = (count: number): Buffer => {
    const text = make(count).toString('latin1');
    const starts = [...text.matchAll(/stream\n(?=\nendobj)/g)].map(
      ({ 0: { length }, index }) => index + length,
    );
    const shared = text.indexOf(' '.repeat(blank));
    return make(count, starts.map((start) => shared - start)); // prettier-ignore
  };
  const limits = { ...defaultPdfLimits, work: 40 * blank };
  const isAlikeWithin = (count: number): boolean =>
    repairsAlike(new PdfDocument(bufferSource(sharing(count)), limits));
  expect([1, 20, 60].map(isAlikeWithin)).toEqual([true, true, false]);
});
