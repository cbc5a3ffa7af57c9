import type { PdfDocument } from '../pdf/document.ts';
import { PdfRef, type PdfObject } from '../pdf/objects.ts';
import { walkPages } from '../pdf/pages.ts';
import { pushParts } from '../pdf/parts.ts';

/** Objects looked at in all; what lies beyond is reported without its page. */
const maximumObjects = 200_000;

/** Entries that lead back to the page or the tree. */
const upwards: ReadonlySet<string> = new Set(['Parent', 'P']);

/** The first page (zero-based) on which each object is used: content, resources, annotations, appearances. */
export function pagesOfObjects(pdf: PdfDocument): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const pages = [...walkPages(pdf)];
  for (const [index, { ref }] of pages.entries()) if (ref) found.set(ref.num, index);
  for (const [index, page] of pages.entries()) {
    const waiting: PdfObject[] = [page.dict];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next instanceof PdfRef) {
        if (found.has(next.num)) continue;
        if (found.size >= maximumObjects) return found;
        found.set(next.num, index);
        waiting.push(pdf.peek(next.num));
      } else pushParts(next, waiting, upwards);
    }
  }
  return found;
}
