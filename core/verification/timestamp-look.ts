import type { PdfDocument } from '../pdf/document.ts';
import { isName, PdfDict } from '../pdf/objects.ts';

const hiddenFlag = 2;

/** Whether a field holds a document timestamp, which names nobody: whoever reaches a timestamp authority gets one. */
export function isDocumentTimestamp(pdf: PdfDocument, field: PdfDict): boolean {
  const signature = pdf.get(field, 'V');
  if (!(signature instanceof PdfDict)) return false;
  const isTyped = isName(pdf.get(signature, 'Type'), 'DocTimeStamp');
  return isTyped || isName(pdf.get(signature, 'SubFilter'), 'ETSI.RFC3161');
}

/** Whether a field or one of its widgets puts something on a page: a look or a ground in a rectangle with an area. */
export function showsSomething(pdf: PdfDocument, field: PdfDict): boolean {
  const kids = pdf.get(field, 'Kids');
  const widgets = Array.isArray(kids) ? kids.map((kid) => pdf.resolve(kid)) : [];
  return [field, ...widgets].some((widget) => !(widget instanceof PdfDict) || isVisible(pdf, widget));
}

function isVisible(pdf: PdfDocument, widget: PdfDict): boolean {
  if (widget.get('AP') === undefined && widget.get('MK') === undefined) return false;
  const flags = pdf.get(widget, 'F');
  if (typeof flags === 'number' && (flags & hiddenFlag) !== 0) return false;
  const rect = pdf.get(widget, 'Rect');
  if (rect === null) return false;
  const corners = Array.isArray(rect) ? rect.slice(0, 5).map((item) => pdf.resolve(item)) : [];
  const [a, b, c, d] = corners.map((item) => (typeof item === 'number' ? item : Number.NaN));
  const isEmpty = corners.length === 4 && (a === c || b === d);
  return !isEmpty;
}

/** The field of an object number holds a document timestamp that puts something on a page. */
export function isVisibleTimestamp(pdf: PdfDocument, num: number): boolean {
  const field = pdf.load(num);
  return field instanceof PdfDict && isDocumentTimestamp(pdf, field) && showsSomething(pdf, field);
}
