import type { PdfDocument } from './document.ts';
import type { PdfDict, PdfObject } from './objects.ts';

/** A page or field and the nodes above it (/Parent), the nearest first; no more than `limits.depth`, for they may go in a circle. */
export function* withParents(pdf: PdfDocument, dict: PdfDict): Generator<PdfDict> {
  let node: PdfDict | undefined = dict;
  for (let depth = 0; node && depth <= pdf.limits.depth; depth++) {
    yield node;
    node = pdf.getDict(node, 'Parent');
  }
}

/** An entry of a page or field, its own or of the nearest node above that has one; undefined where none has. */
export function inheritedValue(pdf: PdfDocument, dict: PdfDict, key: string): PdfObject | undefined {
  for (const node of withParents(pdf, dict)) {
    const value = pdf.get(node, key);
    if (value !== null) return value;
  }
  return undefined;
}

/** A page's resources, its own or those of the nearest node above. */
export function pageResources(pdf: PdfDocument, page: PdfDict): PdfDict | undefined {
  for (const node of withParents(pdf, page)) {
    const resources = pdf.getDict(node, 'Resources');
    if (resources) return resources;
  }
  return undefined;
}
