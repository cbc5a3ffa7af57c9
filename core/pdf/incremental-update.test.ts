import { expect, test } from 'vitest';
import { onePageObjects, rawPdf, rawStream } from '../../tests/lib/raw-pdf.ts';
import { bufferSource } from './byte-source.ts';
import { PdfDocument } from './document.ts';
import { IncrementalUpdate } from './incremental-update.ts';
import { defaultPdfLimits } from './limits.ts';
import { PdfDict, PdfName, PdfRaw, PdfRef } from './objects.ts';

const open = (bytes: Uint8Array): PdfDocument => new PdfDocument(bufferSource(bytes), defaultPdfLimits);

/** One page, then a cross-reference stream as object 5 that lists object 4 in generation 3. */
function streamPdf(): Buffer {
  const base = rawPdf({ objects: onePageObjects() });
  const four = Buffer.from('4 3 obj\n(four)\nendobj\n');
  const at = base.length + four.length;
  const rows = Buffer.from([1, base.length >> 8, base.length & 255, 3, 1, at >> 8, at & 255, 0]);
  return Buffer.concat([
    base,
    four,
    Buffer.from('5 0 obj\n'),
    rawStream(
      `/Type /XRef /Size 6 /W [1 2 1] /Index [4 2] /Root 1 0 R /Prev ${base.lastIndexOf('xref\n0')}`,
      rows,
    ),
    Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`),
  ]);
}

test('a file with a table gets new objects, a table and a trailer, byte for byte', () => {
  const input = rawPdf({
    objects: onePageObjects(),
    trailer: '/Root 1 0 R /ID [<aa> <bb>] /DocChecksum /Stale',
  });
  const update = new IncrementalUpdate(open(input));
  const added = update.add(
    new PdfDict({ Kind: new PdfName('New'), At: new PdfRaw(Buffer.from('[?]'), 'here') }),
  );
  expect(added).toEqual(new PdfRef(4, 0));
  update.put(new PdfRef(2, 0), [1, 0.5]);
  const built = update.build();
  const id = /<aa> <([0-9a-f]{32})>/.exec(built.bytes.toString('latin1'))?.[1];
  const two = input.length;
  const four = two + '2 0 obj\n[1 0.5]\nendobj\n'.length;
  const xref = four + '4 0 obj\n<</Kind /New\n/At [?]\n>>\nendobj\n'.length;
  expect(built.bytes.toString('latin1')).toBe(
    [
      '2 0 obj\n[1 0.5]\nendobj\n',
      '4 0 obj\n<</Kind /New\n/At [?]\n>>\nendobj\n',
      `xref\n2 1\n${String(two).padStart(10, '0')} 00000 n \n4 1\n${String(four).padStart(10, '0')} 00000 n \n`,
      `trailer\n<</Size 5\n/Root 1 0 R\n/ID [<aa> <${id}>]\n/Prev ${input.lastIndexOf('xref\n0')}\n>>\n`,
      `startxref\n${xref}\n%%EOF\n`,
    ].join(''),
  );
  const mark = built.marks.get('here');
  expect(Buffer.concat([input, built.bytes]).subarray(mark?.start, mark?.end).toString()).toBe('[?]');
});

test('a file that ends without a line end gets one first', () => {
  const input = rawPdf({ objects: onePageObjects() });
  const update = new IncrementalUpdate(open(input.subarray(0, -1)));
  update.add(null);
  expect(update.build().bytes.toString('latin1')).toMatch(/^\n4 0 obj\nnull\nendobj\n/);
});

test('a file with a cross-reference stream gets a stream, and generations are kept', () => {
  const input = streamPdf();
  const update = new IncrementalUpdate(open(input));
  update.put(new PdfRef(4, 3), 'changed'.length);
  update.add(new PdfName('Six'));
  const pdf = open(Buffer.concat([input, update.build().bytes]));
  expect(pdf.sections.map(({ kind }) => kind)).toEqual(['stream', 'stream', 'table']);
  expect(pdf.trailer.get('Size')).toBe(8);
  expect(pdf.trailer.get('Prev')).toBe(open(input).sections[0]?.offset);
  expect(pdf.entry(4)).toMatchObject({ gen: 3 });
  expect(pdf.load(4, 3)).toBe(7);
  expect(pdf.load(4, 0)).toBe(null);
  expect(pdf.load(6)).toEqual(new PdfName('Six'));
});

test('a hybrid file gets a table that does not repeat /XRefStm', () => {
  const base = rawPdf({ objects: onePageObjects() });
  const hiddenAt = base.length;
  const hidden = Buffer.concat([
    Buffer.from('4 0 obj\n'),
    rawStream(
      '/Type /XRef /Size 5 /W [1 2 1] /Index [4 1]',
      Buffer.from([1, hiddenAt >> 8, hiddenAt & 255, 0]),
    ),
    Buffer.from('\nendobj\n'),
  ]);
  const tableAt = hiddenAt + hidden.length;
  const input = Buffer.concat([
    base,
    hidden,
    Buffer.from(
      `xref\n0 0\ntrailer\n<< /Size 5 /Root 1 0 R /XRefStm ${hiddenAt} /Prev ${base.lastIndexOf('xref\n0')} >>\nstartxref\n${tableAt}\n%%EOF\n`,
    ),
  ]);
  const update = new IncrementalUpdate(open(input));
  const added = update.add(true);
  expect(added.num).toBe(5);
  const pdf = open(Buffer.concat([input, update.build().bytes]));
  expect(pdf.sections.map(({ kind, hidden: stream }) => [kind, stream !== undefined])).toEqual([
    ['table', false],
    ['table', true],
    ['table', false],
  ]);
  expect(pdf.trailer.get('XRefStm')).toBeUndefined();
  expect(pdf.load(5)).toBe(true);
});
