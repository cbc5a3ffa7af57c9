import type { PageReader } from '../../core/ports/page-reader.ts';

/** A reader that finds nothing on any page, at once: what remains is the time of everything but OCR. */
export const blankReader: PageReader = {
  readPage: (request) =>
    Promise.resolve({
      page: request.page,
      pageWidth: 1654,
      pageHeight: 2339,
      dpi: 200,
      fraction: request.fraction,
      lines: [],
      redMarks: [],
      skew: 0,
      source: 'ocr' as const,
      engine: 'none',
      ms: 0,
    }),
};
