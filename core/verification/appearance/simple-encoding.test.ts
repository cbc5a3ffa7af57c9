import { expect, test } from 'vitest';
import { onePageObjects, rawPdf } from '../../../tests/lib/raw-pdf.ts';
import { bufferSource } from '../../pdf/byte-source.ts';
import { PdfDocument } from '../../pdf/document.ts';
import { defaultPdfLimits } from '../../pdf/limits.ts';
import { PdfDict, PdfName, type PdfObject } from '../../pdf/objects.ts';
import { readFontText } from './font-text.ts';
import { readEncoding } from './simple-encoding.ts';

const pdf = new PdfDocument(bufferSource(rawPdf({ objects: onePageObjects() })), defaultPdfLimits);
const name = (text: string): PdfName => new PdfName(text);

test('an encoding is its base and what differs from it', () => {
  const read = readEncoding(
    pdf,
    new PdfDict({
      BaseEncoding: name('WinAnsiEncoding'),
      Differences: [49, name('nine'), name('Abreve'), 200, name('dong')],
    }),
  );
  expect(read?.base?.(0x80)).toBe('€');
  expect([...(read?.names ?? [])]).toEqual([
    [49, 'nine'],
    [50, 'Abreve'],
    [200, 'dong'],
  ]);
});

test.each<[string, PdfObject]>([
  ['an unknown name', name('ExpertEncoding')],
  ['the name of something that every object has', name('constructor')],
  ['such a name as its base', new PdfDict({ BaseEncoding: name('toString') })],
  ['a base that is no name', new PdfDict({ BaseEncoding: 1 })],
  ['a name that comes twice', new PdfDict(new Map(), ['Differences'])],
  ['differences that are no names', new PdfDict({ Differences: [49, true] })],
  ['none at all', null],
])('%s says nothing', (_name, written) => {
  expect(readEncoding(pdf, written)).toBeUndefined();
});

test('a font encoded by the name of something that every object has tells no text', () => {
  const font = { Type: name('Font'), Subtype: name('TrueType'), BaseFont: name('Arial') };
  expect(readFontText(pdf, new PdfDict({ ...font, Encoding: name('constructor') }))).toBeUndefined();
  const known = readFontText(pdf, new PdfDict({ ...font, Encoding: name('WinAnsiEncoding') }));
  expect(known?.textOf(0x31)).toBe('1');
});
