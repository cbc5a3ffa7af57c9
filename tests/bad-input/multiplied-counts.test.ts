import { describe, expect, it } from 'vitest';
import { deflateSync } from 'node:zlib';
import { bufferSource } from '../../core/pdf/byte-source.ts';
import { PdfDocument } from '../../core/pdf/document.ts';
import { defaultPdfLimits } from '../../core/pdf/limits.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import { inspectBeforeSigning } from '../../core/verification/before-signing.ts';
import { findUnsoundObject } from '../../core/verification/sound-structure.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';

// Each count is within its limit; together they would keep reader, signer and verifier busy for minutes or hours.

/** A twentieth of what is allowed, so that the tests are quick. */
const open = (file: Buffer): PdfDocument =>
  new PdfDocument(bufferSource(file), { ...defaultPdfLimits, work: defaultPdfLimits.work / 20 });
const limit = (what: string) =>
  expect.objectContaining({ code: 'pdf.limit', detail: expect.objectContaining({ what }) });

const references = (first: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `${first + index} 0 R`).join(' ');
const fieldsOf = (count: number, list: string, field: (index: number) => string): Buffer =>
  rawPdf({
    objects: [
      ...onePageObjects({ catalog: `/AcroForm << /Fields [${references(5, count)}] >>` }),
      list,
      ...Array.from({ length: count }, (_, index) => field(index)),
    ],
  });

/** So many objects, each of which contains those behind it in a comment. */
function nestedObjects(count: number): Buffer {
  const [catalog = '', ...others] = onePageObjects({ catalog: `/X [${references(4, count)}]` });
  const whole = rawPdf({ objects: [catalog, ...others] }).toString('latin1');
  let body = whole.slice(0, whole.indexOf('xref\n0'));
  const offsets = [...body.matchAll(/^(\d+) 0 obj/gm)].map(({ index }) => index);
  for (let num = 4; num < 4 + count; num++) {
    offsets.push(body.length);
    body += `${num} 0 obj%`;
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  body += '\nnull\nendobj\n';
  return Buffer.from(
    `${body}xref\n0 ${count + 4}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${count + 4} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}

/** So many revisions that list nothing, behind a catalog with so many references into nothing. */
function manySections(sections: number, missing: number): Buffer {
  const parts = [rawPdf({ objects: onePageObjects({ catalog: `/X [${references(1_000_000, missing)}]` }) })];
  let size = parts[0]?.length ?? 0;
  let previous = parts[0]?.lastIndexOf('xref\n0') ?? 0;
  for (let index = 0; index < sections; index++) {
    const part = `xref\n7000000 1\n0000000000 00000 f \ntrailer\n<< /Size 7000001 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${size}\n%%EOF\n`;
    previous = size;
    size += part.length;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

/** So many cross-reference streams that expand to so many bytes each. */
function fatSections(sections: number, bytes: number): Buffer {
  const parts = [rawPdf({ objects: onePageObjects() })];
  const rows = deflateSync(Buffer.alloc(bytes));
  let size = parts[0]?.length ?? 0;
  let previous = parts[0]?.lastIndexOf('xref\n0') ?? 0;
  for (let index = 0; index < sections; index++) {
    const dict = `/Type /XRef /Size 10 /W [1 1 1] /Index [9 1] /Root 1 0 R /Prev ${previous} /Filter /FlateDecode`;
    const part = Buffer.concat([
      Buffer.from('9 0 obj\n'),
      rawStream(dict, rows),
      Buffer.from(`\nendobj\nstartxref\n${size}\n%%EOF\n`),
    ]);
    previous = size;
    size += part.length;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

describe('small files whose counts multiply are refused within the bounds of work', () => {
  it.each<[string, () => Buffer, (pdf: PdfDocument) => unknown]>([
    ['objects that contain each other', () => nestedObjects(10_000), findUnsoundObject],
    ['references into nothing, looked for in every section', () => manySections(1_000, 10_000), findUnsoundObject],
    ['fields that share one list of kids', () =>
      fieldsOf(500, `[${'3 0 R '.repeat(20_000)}]`, (index) => `<< /FT /Tx /T (f${index}) /Kids 4 0 R >>`), readSignatureFields],
    ['signatures that share one list of references', () =>
      fieldsOf(500, `[${'0 '.repeat(50_000)}]`, (index) => `<< /FT /Sig /T (f${index}) /V << /Type /Sig /Reference 4 0 R >> >>`), readSignatureFields],
    ['objects of an object stream that are all the same long one', () => {
      const heads = Array.from({ length: 1_000 }, (_, index) => `${index + 6} 0 `).join('');
      const holder = rawStream(`/Type /ObjStm /N 1000 /First ${heads.length}`, `${heads}[${'0 '.repeat(50_000)}]`);
      const body = rawPdf({ objects: [...onePageObjects({ catalog: `/X [${references(6, 1_000)}]` }), holder] });
      const rows = Buffer.concat(Array.from({ length: 1_000 }, (_, index) => Buffer.from([2, 4, index >> 8, index & 0xff])));
      const dict = `/Type /XRef /Size 1100 /W [1 1 2] /Index [6 1000] /Root 1 0 R /Prev ${body.lastIndexOf('xref\n0')}`;
      return Buffer.concat([body, Buffer.from('5 0 obj\n'), rawStream(dict, rows), Buffer.from(`\nendobj\nstartxref\n${body.length}\n%%EOF\n`)]);
    }, findUnsoundObject],
  ])('%s', (_name, make, read) => {
    const pdf = open(make());
    expect(() => read(pdf)).toThrowError(limit('work'));
  }); // prettier-ignore

  it('pages that share long lists of contents, which are looked at once', () => {
    const pages = rawPdf({
      objects: [
        '<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Type /Pages /Count 900 /Kids [${'3 0 R '.repeat(900)}] >>`,
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>',
        `[${'5 0 R '.repeat(50_000)}]`,
        rawStream('', 'BT 3 Tr ET'),
      ],
    });
    const found = inspectBeforeSigning(open(pages));
    expect(found.map(({ code }) => code)).toEqual(['concern.invisible-text']);
  });

  it('pages that share long lists of contents written out', () => {
    const listed = `[${'4 0 R '.repeat(5_000)}]`;
    const pages = rawPdf({
      objects: [
        '<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Type /Pages /Count 900 /Kids [${'3 0 R '.repeat(900)}] >>`,
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${listed} >>`,
        rawStream('', 'q Q'),
      ],
    });
    const found = inspectBeforeSigning(new PdfDocument(bufferSource(pages), { ...defaultPdfLimits, work: 1_000_000 }));
    expect(found.map(({ code }) => code)).toEqual(['concern.not-fully-inspected']);
  }); // prettier-ignore

  it('cross-reference streams that expand, together', () => {
    expect(() => open(fatSections(20, 4 * 1024 * 1024))).toThrowError(limit('streamBytes'));
  });

  it.each([
    ['strings', '()'],
    ['dictionaries', '<<>>'],
  ])('a list of empty %s, which take far more memory than file', (_name, item) => {
    const pdf = open(
      rawPdf({ objects: [...onePageObjects({ catalog: '/X 4 0 R' }), `[${item.repeat(300_000)}]`] }),
    );
    expect(() => findUnsoundObject(pdf)).toThrowError(limit('items'));
  });

  it('and what is large but in order is read', () => {
    const count = 20_000;
    const objects = Array.from({ length: count }, () => '<< /A [1 2 3] /B (text) >>');
    const pdf = open(
      rawPdf({ objects: [...onePageObjects({ catalog: `/X [${references(4, count)}]` }), ...objects] }),
    );
    expect(findUnsoundObject(pdf)).toBeUndefined();
  });
});
