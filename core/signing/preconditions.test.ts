import { describe, expect, test } from 'vitest';
import { onePageObjects, rawPdf } from '../../tests/lib/raw-pdf.ts';
import { bufferSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import { defaultPdfLimits } from '../pdf/limits.ts';
import { checkSignable } from './preconditions.ts';

const check = (objects: readonly string[]): unknown =>
  checkSignable(new PdfDocument(bufferSource(rawPdf({ objects })), defaultPdfLimits, ''), [], {
    kind: 'none',
  });

describe('keys that stand twice', () => {
  test.each([
    ['the type of a page, the same both times', { page: '/Type /Page' }],
    ['how the window looks', { catalog: '/PageMode /UseNone /PageMode /UseOutlines' }],
  ])('%s: signed', (_, more) => {
    expect(check(onePageObjects(more))).toEqual([]);
  });

  test.each([
    ['what a page shows', { page: '/MediaBox [0 0 10 10]' }, 'ambiguous'],
    [
      'what opening the file does',
      { catalog: '/OpenAction [3 0 R /Fit] /OpenAction null' },
      'duplicate-keys',
    ],
  ])('%s: refused', (_, more, reason) => {
    expect(() => check(onePageObjects(more))).toThrow(
      expect.objectContaining({ code: 'pdf.damaged', detail: expect.objectContaining({ reason }) }),
    );
  });
});
