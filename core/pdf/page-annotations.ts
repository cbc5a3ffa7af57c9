import { overLimit } from './damage.ts';
import type { PdfDocument } from './document.ts';
import type { PdfObject } from './objects.ts';
import { walkPages, type PdfPage } from './pages.ts';

/** An annotation as a page lists it: a reference, as a rule. */
export interface PageAnnotation {
  readonly page: PdfPage;
  readonly item: PdfObject;
}

/**
 * What the pages list as annotations, in their order. Ever so many pages may name one long list, so no more than `limits.items` are
 * looked at in all. Throws what walkPages throws, `pdf.limit`.
 */
export function* walkAnnotations(pdf: PdfDocument, mostPages = pdf.limits.pages): Generator<PageAnnotation> {
  let listed = 0;
  for (const page of walkPages(pdf, mostPages)) {
    const items = pdf.get(page.dict, 'Annots');
    if (!Array.isArray(items)) continue;
    listed += items.length;
    if (listed > pdf.limits.items) throw overLimit('items', pdf.limits.items);
    pdf.work.spend(items.length);
    for (const item of items) yield { page, item };
  }
}
