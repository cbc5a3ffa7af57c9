import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { onePageObjects, rawPdf, rawStream } from '../../tests/lib/raw-pdf.ts';
import { bufferSource } from './byte-source.ts';
import { PdfDocument } from './document.ts';
import { defaultPdfLimits, type PdfLimits } from './limits.ts';
import { PdfDict, PdfName, PdfStream } from './objects.ts';
import { firstPage, walkPages } from './pages.ts';
import { listRevisions } from './revisions.ts';

function open(bytes: Uint8Array, limits: Partial<PdfLimits> = {}): PdfDocument {
  return new PdfDocument(bufferSource(bytes), { ...defaultPdfLimits, ...limits });
}

function refusal(reason: string): unknown {
  return expect.objectContaining({ code: 'pdf.damaged', detail: expect.objectContaining({ reason }) });
}

/** Appends an update of one object to a PDF with a table. */
function updated(bytes: Buffer, num: number, body: string, trailer = '/Root 1 0 R', prev?: number): Buffer {
  const offset = bytes.length;
  const object = `${num} 0 obj\n${body}\nendobj\n`;
  const previous = prev ?? Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(bytes.toString('latin1'))?.[1]);
  const xref = `xref\n${num} 1\n${String(offset).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 9 ${trailer} /Prev ${previous} >>\n`;
  return Buffer.concat([
    bytes,
    Buffer.from(`${object}${xref}startxref\n${offset + object.length}\n%%EOF\n`, 'latin1'),
  ]);
}

test('the newest revision wins and each revision has its end', () => {
  const first = rawPdf({ objects: [...onePageObjects(), '(old)'] });
  const second = updated(first, 4, '(new)');
  const pdf = open(second);
  expect(pdf.load(4)).toMatchObject({ bytes: Buffer.from('new') });
  expect(listRevisions(pdf).map(({ endOffset }) => endOffset)).toEqual([first.length, second.length]);
  expect(open(second.subarray(0, first.length)).load(4)).toMatchObject({ bytes: Buffer.from('old') });
});

test('a hybrid file shows the objects that its table hides', () => {
  const base = rawPdf({ objects: onePageObjects() });
  const container = rawStream('/Type /ObjStm /N 1 /First 4', '7 0 (hidden)');
  const containerAt = base.length;
  const containerObject = Buffer.concat([Buffer.from('5 0 obj\n'), container, Buffer.from('\nendobj\n')]);
  const streamAt = containerAt + containerObject.length;
  const rows = Buffer.from([1, containerAt >> 8, containerAt & 255, 0, 2, 0, 5, 0]);
  const stream = Buffer.concat([
    Buffer.from('6 0 obj\n'),
    rawStream('/Type /XRef /Size 8 /W [1 2 1] /Index [5 1 7 1]', rows),
    Buffer.from('\nendobj\n'),
  ]);
  const tableAt = streamAt + stream.length;
  const table = `xref\n7 1\n0000000000 00001 f \ntrailer\n<< /Size 8 /Root 1 0 R /Prev ${base.lastIndexOf('xref\n0')} /XRefStm ${streamAt} >>\nstartxref\n${tableAt}\n%%EOF\n`;
  const pdf = open(Buffer.concat([base, containerObject, stream, Buffer.from(table)]));
  expect(pdf.sections[0]?.hidden).toBeDefined();
  expect(pdf.load(7)).toMatchObject({ bytes: Buffer.from('hidden') });
});

test('a /Prev that leads back is a loop, not an endless read', () => {
  const first = rawPdf({ objects: onePageObjects() });
  const second = updated(first, 4, '1', '/Root 1 0 R', first.length + '4 0 obj\n1\nendobj\n'.length);
  expect(() => open(second)).toThrow(refusal('xref-loop'));
});

test('more sections than the cap are refused', () => {
  let bytes = rawPdf({ objects: onePageObjects() });
  for (let i = 0; i < 5; i++) bytes = updated(bytes, 4, String(i));
  expect(() => open(bytes, { sections: 4 })).toThrow(expect.objectContaining({ code: 'pdf.limit' }));
});

test('an entry that points to another object is refused', () => {
  const bytes = rawPdf({ objects: onePageObjects() });
  const broken = Buffer.from(bytes.toString('latin1').replace('3 0 obj', '9 0 obj'), 'latin1');
  expect(() => firstPage(open(broken))).toThrow(refusal('object-header'));
});

test.each([
  ['an empty file', '', 'pdf.not-pdf'],
  ['a JPEG', '\xff\xd8\xff\xe0JFIF', 'pdf.not-pdf'],
  ['a file cut off', rawPdf({ objects: onePageObjects() }).toString('latin1').slice(0, 200), 'pdf.damaged'],
])('%s is refused', (_, text, code) => {
  expect(() => open(Buffer.from(text, 'latin1'))).toThrow(expect.objectContaining({ code }));
});

test('an encrypted file is refused by name', () => {
  const bytes = rawPdf({
    objects: onePageObjects(),
    trailer: '/Root 1 0 R /Encrypt << /Filter /Standard >>',
  });
  expect(() => open(bytes)).toThrow(expect.objectContaining({ code: 'pdf.encrypted' }));
});

test('an object stream that expands beyond its budget is refused', () => {
  const bomb = deflateSync(Buffer.alloc(1_000_000, 0x20));
  const bytes = rawPdf({
    objects: [...onePageObjects(), rawStream('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', bomb)],
  });
  const entries = Buffer.from([2, 4, 0]);
  const at = bytes.length;
  const update = Buffer.concat([
    Buffer.from('8 0 obj\n'),
    rawStream(
      `/Type /XRef /Size 9 /W [1 1 1] /Index [7 1] /Root 1 0 R /Prev ${bytes.lastIndexOf('xref\n0')}`,
      entries,
    ),
    Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`),
  ]);
  const pdf = open(Buffer.concat([bytes, update]), { streamBytes: 100_000 });
  expect(() => pdf.load(7)).toThrow(expect.objectContaining({ code: 'pdf.limit' }));
});

test('references that go round in a circle are refused', () => {
  const pdf = open(rawPdf({ objects: [...onePageObjects(), '5 0 R', '4 0 R'] }));
  expect(() => pdf.resolve(pdf.load(4))).toThrow(refusal('reference-loop'));
});

test('a page tree that contains itself is refused', () => {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>'];
  expect(() => [...walkPages(open(rawPdf({ objects })))]).toThrow(refusal('page-tree'));
});

test('rotation and boxes are inherited; the shown box is the crop inside the media', () => {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [600 0 0 800] /Rotate -90 >>',
    '<< /Type /Page /Parent 2 0 R /CropBox [10 20 700 700] /UserUnit 2 >>',
  ];
  expect(firstPage(open(rawPdf({ objects })))).toMatchObject({
    visibleBox: { left: 10, bottom: 20, right: 600, top: 700 },
    rotate: 270,
    userUnit: 2,
  });
});

test('the catalog is found and typed', () => {
  const pdf = open(rawPdf({ objects: onePageObjects() }));
  expect(pdf.catalog()).toBeInstanceOf(PdfDict);
  expect(pdf.get(pdf.catalog(), 'Type')).toEqual(new PdfName('Catalog'));
});

test.each([
  ['the end of a stream', 'endstream'],
  ['nothing of the kind', 'x'],
])('blanks between a stream and %s count as work: many streams may lead there', (_what, end) => {
  const objects = [...onePageObjects(), `<< /Length 0 >>\nstream\n${' '.repeat(100_000)}${end}`];
  const pdf = open(rawPdf({ objects }), { work: 1_000_000 });
  const stream = pdf.load(objects.length);
  if (!(stream instanceof PdfStream)) throw new Error('no stream');
  const look = (): unknown => {
    try {
      return pdf.checkStreamEnd(stream);
    } catch (error) {
      return error;
    }
  };
  const looks = Array.from({ length: 12 }, look);
  expect(looks.slice(0, 5).map(String).join()).not.toContain('pdf.limit');
  expect(looks.at(-1)).toMatchObject({ code: 'pdf.limit', detail: { what: 'work' } });
});
