import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { walkPages } from '../pdf/pages.ts';

/** Objects looked at in all; what lies beyond is reported without its page. */
const maximumObjects = 200_000;

/** The first page (zero-based) on which each object is used: content, resources, annotations, appearances. */
export function pagesOfObjects(pdf: PdfDocument): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const pages = [...walkPages(pdf)];
  for (const [index, { ref }] of pages.entries()) if (ref) found.set(ref.num, index);
  for (const [index, page] of pages.entries()) {
    // /Parent leads to the other pages.
    const waiting: PdfObject[] = [page.dict.with({ Parent: undefined })];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next instanceof PdfRef) {
        if (found.has(next.num)) continue;
        if (found.size >= maximumObjects) return found;
        found.set(next.num, index);
        waiting.push(pdf.peek(next.num));
      } else if (Array.isArray(next)) {
        for (const item of next) if (typeof item === 'object') waiting.push(item);
      } else if (next instanceof PdfDict) {
        for (const [key, item] of next.entries)
          if (key !== 'Parent' && key !== 'P' && typeof item === 'object') waiting.push(item);
      } else if (next instanceof PdfStream) waiting.push(next.dict);
    }
  }
  return found;
}
