import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef } from '../pdf/objects.ts';
import { walkAnnotations } from '../pdf/page-annotations.ts';

/** Share of a page above which a signature's picture is no block any more but a cover. */
const coveringShare = 0.25;

function area(pdf: PdfDocument, dict: PdfDict): number {
  const rect = pdf.get(dict, 'Rect');
  if (!Array.isArray(rect)) return 0;
  const [a, b, c, d] = rect.slice(0, 4).map((item) => pdf.resolve(item));
  const numbers = [a, b, c, d].every((item) => typeof item === 'number');
  return numbers ? Math.abs((Number(c) - Number(a)) * (Number(d) - Number(b))) : 0;
}

/** Whether one of these signature fields (object numbers) shows a picture over a large part of its page. */
export function coversPage(pdf: PdfDocument, fields: ReadonlySet<number>): boolean {
  if (fields.size === 0) return false;
  const widgets = new Set<number>();
  for (const num of fields) {
    const field = pdf.load(num);
    const kids = field instanceof PdfDict ? pdf.get(field, 'Kids') : null;
    for (const kid of Array.isArray(kids) ? kids : [new PdfRef(num)])
      if (kid instanceof PdfRef) widgets.add(kid.num);
  }
  const large = new Set(
    [...widgets].filter((num) => {
      const widget = pdf.load(num);
      return widget instanceof PdfDict && widget.get('AP') !== undefined && area(pdf, widget) > 0;
    }),
  );
  if (large.size === 0) return false;
  for (const { page, item } of walkAnnotations(pdf)) {
    const widget = item instanceof PdfRef && large.has(item.num) ? pdf.load(item.num) : null;
    const { left, bottom, right, top } = page.visibleBox;
    const limit = coveringShare * Math.abs((right - left) * (top - bottom));
    if (widget instanceof PdfDict && area(pdf, widget) > limit) return true;
  }
  return false;
}
