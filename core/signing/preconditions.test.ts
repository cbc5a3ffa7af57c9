import { describe, expect, test } from 'vitest';
import { onePageObjects, rawPdf, rawStream } from '../../tests/lib/raw-pdf.ts';
import { bufferSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import { defaultPdfLimits } from '../pdf/limits.ts';
import { checkSignable } from './preconditions.ts';

const checkFile = (file: Uint8Array): unknown =>
  checkSignable(new PdfDocument(bufferSource(file), defaultPdfLimits, ''), { kind: 'none' }).warnings;

const check = (objects: readonly string[]): unknown => checkFile(rawPdf({ objects }));

describe('keys that stand twice', () => {
  test.each([
    ['the type of a page, the same both times', { page: '/Type /Page' }],
    ['how the window looks', { catalog: '/PageMode /UseNone /PageMode /UseOutlines' }],
  ])('%s: signed', (_, more) => {
    expect(check(onePageObjects(more))).toEqual([]);
  });

  test.each([
    ['what a page shows', { page: '/MediaBox [0 0 10 10]' }, 'ambiguous'],
    ['what opening the file does', { catalog: '/OpenAction [3 0 R /Fit] /OpenAction null' }, 'ambiguous'],
    ['what is written anew', { catalog: '/Metadata null /Metadata 3 0 R' }, 'duplicate-keys'],
  ])('%s: refused', (_, more, reason) => {
    expect(() => check(onePageObjects(more))).toThrow(
      expect.objectContaining({ code: 'pdf.damaged', detail: expect.objectContaining({ reason }) }),
    );
  });
});

describe('a number that runs into its endobj, as some scanners write', () => {
  /** Object 4 is the page's content, object 5 the number; both have as many bytes as they had. */
  const withGlued = (data: string, page = ''): Buffer => {
    const length = String(data.length);
    const content = Buffer.from(`<< /Length 5 0 R >>\nstream\n${data}\nendstream`, 'latin1');
    const objects = [...onePageObjects({ page: `/Contents 4 0 R ${page}` }), content, length];
    const file = rawPdf({ objects }).toString('latin1');
    return Buffer.from(file.replace(`${length}\nendobj`, ` ${length}endobj`), 'latin1');
  };

  test('is taken as a length that endstream proves', () => {
    expect(checkFile(withGlued('0 0 1 RG 40 40 515 760 re S'))).toEqual([]);
  });

  test.each([
    ['where readers that miss it would stop earlier', withGlued('0 g\nendstream\n40 40 515 760 re f')],
    ['for anything but a length', withGlued(' '.repeat(90), '/Rotate 5 0 R')],
  ])('is refused %s', (_, file) => {
    expect(() => checkFile(file)).toThrow(expect.objectContaining({ code: 'pdf.damaged' }));
  });

  test('is no number with letters in front of the endobj', () => {
    const file = rawPdf({ objects: [...onePageObjects(), rawStream('', ''), '27x'] }).toString('latin1');
    const glued = Buffer.from(file.replace('27x\nendobj', ' 27xendobj'), 'latin1');
    const pdf = new PdfDocument(bufferSource(glued), defaultPdfLimits);
    expect(() => pdf.load(5)).toThrow(expect.objectContaining({ code: 'pdf.damaged' }));
  });
});
