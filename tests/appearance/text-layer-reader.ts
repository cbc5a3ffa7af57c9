import type { PageText, ReadPageRequest } from '../../core/ports/page-reader.ts';
import { linesOfTextLayer } from '../../native/ocr/text-layer.ts';
import { openPdfFile } from '../../native/raster/pdf-document.ts';

const DPI = 200;

/** The words of a born-digital page, without the search for red marks that makes the real reader slow. */
export async function readTextLayer({ pdfPath, page, password }: ReadPageRequest): Promise<PageText> {
  const document = await openPdfFile(pdfPath, password);
  try {
    return document.withPage(page, (loaded) => ({
      page,
      pageWidth: (loaded.width * DPI) / 72,
      pageHeight: (loaded.height * DPI) / 72,
      dpi: DPI,
      fraction: 1,
      lines: linesOfTextLayer(loaded.characters(50_000), DPI),
      source: 'text-layer' as const,
      ms: 0,
    }));
  } finally {
    document.close();
  }
}
