import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../core/pdf/byte-source.ts';
import { PdfDocument } from '../../core/pdf/document.ts';
import { defaultPdfLimits } from '../../core/pdf/limits.ts';
import { inspectBeforeSigning } from '../../core/verification/before-signing.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';

const embedded = [
  '<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R >>',
  '<< /Type /FontDescriptor /FontFile2 7 0 R >>',
  rawStream('', 'glyphs'),
];

/** A clean letter: 4 content, 5 to 7 an embedded font; `more` follows from object 8 on. */
function inspect(
  { catalog = '', page = '', content = 'BT /F1 12 Tf (Xin chao) Tj ET', font = embedded[0] ?? '' } = {},
  more: readonly (string | Buffer)[] = [],
) {
  const parts = onePageObjects({
    catalog,
    page: `/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> ${page}`,
  });
  const objects = [...parts, rawStream('', content), font, ...embedded.slice(1), ...more];
  const pdf = new PdfDocument(bufferSource(rawPdf({ objects })), defaultPdfLimits);
  return inspectBeforeSigning(pdf);
}

const deflated = (bytes: Buffer): Buffer => rawStream('/Filter /FlateDecode', deflateSync(bytes));

it('a clean letter raises nothing', () => {
  expect(inspect()).toEqual([]);
});

it.each([
  ['a page tree that nothing leads to', 'unreachable-pages', {}, ['<< /Type /Pages /Kids [] /Count 0 >>']],
  ['a second catalog', 'unreachable-pages', {}, ['<< /Type /Catalog /Pages 2 0 R >>']],
  ['a prepared picture', 'unreachable-objects', {}, [rawStream('/Type /XObject /Subtype /Form', 'q Q')]],
  ['a place kept for a picture', 'dangling-references', { page: '/Annots [77 0 R]' }, []],
  ['JavaScript by name', 'javascript', { catalog: '/Names << /JavaScript << >> >>' }, []],
  [
    'JavaScript in a button',
    'javascript',
    { page: '/Annots [8 0 R]' },
    ['<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /A << /S /JavaScript /JS (app) >> >>'],
  ],
  ['a form in XFA', 'javascript', { catalog: '/AcroForm << /XFA (x) >>' }, []],
  ['something that runs at opening', 'automatic-action', { catalog: '/OpenAction << /S /URI >>' }, []],
  [
    'a font from elsewhere',
    'font-not-embedded',
    { font: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>' },
    [],
  ],
  [
    'layers',
    'optional-content',
    { catalog: '/OCProperties << /OCGs [8 0 R] /D << >> >>' },
    ['<< /Type /OCG /Name (A) >>'],
  ],
  ['invisible text', 'invisible-text', { content: 'BT 3 Tr /F1 12 Tf (ocr) Tj ET' }, []],
  ['invisible text by another number', 'invisible-text', { content: 'BT +3.0 Tr /F1 12 Tf (ocr) Tj ET' }, []],
  ['text that only clips', 'invisible-text', { content: 'BT 7 Tr /F1 12 Tf (ocr) Tj ET' }, []],
  [
    'a hidden overlay',
    'hidden-annotation',
    { page: '/Annots [8 0 R]' },
    ['<< /Type /Annot /Subtype /Stamp /F 2 /Rect [0 0 99 99] >>'],
  ],
])('%s is told', (_name, code, letter, more) => {
  const concerns = inspect(letter, more);
  expect(concerns.map((concern) => concern.code)).toContain(`concern.${code}`);
  expect(concerns.every(({ text }) => text.endsWith('.'))).toBe(true);
});

describe('what is not looked at', () => {
  const content = (stream: string | Buffer): string[] =>
    inspect({ page: '/Contents 8 0 R' }, [stream]).map(({ code }) => code);

  it('more objects than are walked over do not hide invisible text, and are told', () => {
    const many = Array.from({ length: 501 }, (_, index) => `${index * 1000 + 100}`);
    const lists = many.map((first) => `[${Array.from({ length: 1000 }, (_, i) => `${Number(first) + i} 0 R`).join(' ')}]`);
    const found = inspect({ content: 'BT 3 Tr /F1 12 Tf (ocr) Tj ET', catalog: `/X [${many.map((_, index) => `${index + 8} 0 R`).join(' ')}]` }, lists);
    expect(found.map(({ code }) => code).sort()).toEqual(['concern.invisible-text', 'concern.not-fully-inspected']);
  }); // prettier-ignore

  it.each([
    ['a content longer than what is searched', () => deflated(Buffer.alloc(9 * 1024 * 1024, ' '))],
    ['a content that does not unpack within bounds', () => deflated(Buffer.alloc(40 * 1024 * 1024, ' '))],
    ['a content packed in a way that we do not undo', () => rawStream('/Filter /RunLengthDecode', 'x')],
  ])('%s is told', (_name, make) => {
    expect(content(make())).toContain('concern.not-fully-inspected');
    expect(content(rawStream('', 'BT ET'))).toEqual([]);
  });
});

it('waste that is broken keeps nothing else from being told', () => {
  const broken = [
    '<< /Type /XObject /Length 3 >>\nstream\nabcdefgh\nendstream',
    '<< /Type 10 0 R >>',
    '10 0 R',
    '<< /Type /Catalog >>',
  ];
  const concerns = inspect({ content: 'BT 3 Tr /F1 12 Tf (ocr) Tj ET' }, broken);
  expect(concerns.map(({ code }) => code).sort()).toEqual([
    'concern.invisible-text',
    'concern.unreachable-objects',
    'concern.unreachable-pages',
  ]);
});

it('numbers that hundreds of revisions list none of are not looked up for minutes', () => {
  let file = rawPdf({ objects: onePageObjects() });
  for (let revision = 0; revision < 300; revision++) {
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(file.subarray(-100).toString('latin1'))?.[1];
    const rows = 'xref\n8000000 1\n0000000000 00001 f \n';
    const trailer = `trailer\n<< /Size 8000001 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${file.length}\n%%EOF\n`;
    file = Buffer.concat([file, Buffer.from(rows + trailer)]);
  }
  const concerns = inspectBeforeSigning(new PdfDocument(bufferSource(file), defaultPdfLimits));
  expect(concerns.map(({ code }) => code)).toEqual(['concern.not-fully-inspected']);
});

it('names object and page', () => {
  const [concern] = inspect({ font: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>' });
  expect(concern).toMatchObject({ severity: 'note', places: [{ object: '5 0', page: 0 }] });
});

it('a view to begin with is no action', () => {
  expect(inspect({ catalog: '/OpenAction [3 0 R /Fit]' })).toEqual([]);
});
