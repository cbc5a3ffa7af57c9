import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { defaultPdfLimits } from './limits.ts';
import { PdfDict, PdfName, type PdfObject } from './objects.ts';
import { decodeStreamData } from './stream-filters.ts';

const resolve = (object: PdfObject | undefined): PdfObject => object ?? null;

function decode(parameters: Record<string, PdfObject>, raw: Uint8Array, limits = defaultPdfLimits): number[] {
  const dict = new PdfDict({ Filter: new PdfName('FlateDecode'), DecodeParms: new PdfDict(parameters) });
  return [...decodeStreamData(dict, raw, limits, resolve)];
}

test('each PNG predictor is undone', () => {
  const rows = [
    [0, 10, 20, 30],
    [1, 10, 1, 1],
    [2, 1, 1, 1],
    [3, 1, 1, 1],
    [4, 1, 1, 1],
  ];
  expect(decode({ Predictor: 12, Columns: 3 }, deflateSync(Buffer.from(rows.flat())))).toEqual([
    10, 20, 30, 10, 11, 12, 11, 12, 13, 6, 10, 12, 7, 11, 13,
  ]);
});

test('the TIFF predictor is undone', () => {
  expect(decode({ Predictor: 2, Columns: 3 }, deflateSync(Buffer.from([5, 1, 1, 7, 255, 0])))).toEqual([
    5, 6, 7, 7, 6, 6,
  ]);
});

test('a bomb stops at the cap', () => {
  const bomb = deflateSync(Buffer.alloc(200_000));
  expect(() => decode({}, bomb, { ...defaultPdfLimits, streamBytes: 100_000 })).toThrow(
    expect.objectContaining({ code: 'pdf.limit', detail: { what: 'streamBytes', max: 100_000 } }),
  );
});

test('broken compressed data is damage', () => {
  expect(() => decode({}, Buffer.from('not zlib'))).toThrow(
    expect.objectContaining({ code: 'pdf.damaged', detail: { reason: 'stream-data' } }),
  );
});

test('a filter that structure streams do not use is refused', () => {
  const dict = new PdfDict({ Filter: new PdfName('LZWDecode') });
  expect(() => decodeStreamData(dict, Buffer.alloc(3), defaultPdfLimits, resolve)).toThrow(
    expect.objectContaining({ code: 'pdf.damaged', detail: { reason: 'stream-filter' } }),
  );
});
