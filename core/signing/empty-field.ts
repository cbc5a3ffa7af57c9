import { damaged } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef } from '../pdf/objects.ts';
import { walkPages, type PdfPage, type Rectangle } from '../pdf/pages.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { refuseDuplicates } from './preconditions.ts';

/** An empty signature field and the one widget that shows it. */
export interface EmptyField {
  readonly name: string;
  readonly ref: PdfRef;
  readonly field: PdfDict;
  /** The field itself, or its only kid. */
  readonly widgetRef: PdfRef;
  readonly widget: PdfDict;
  readonly page: PdfPage;
  readonly rect: Rectangle;
}

/** The field as it can be signed into. Throws `pdf.damaged` (`form-tree`) when it is direct or has several widgets. */
export function openEmptyField(pdf: PdfDocument, found: SignatureField): EmptyField {
  const { fieldObjectNumber, field, fieldName } = found;
  const entry = fieldObjectNumber === undefined ? undefined : pdf.entry(fieldObjectNumber);
  if (fieldObjectNumber === undefined || !entry || entry.kind === 'free') throw damaged('form-tree');
  const ref = new PdfRef(fieldObjectNumber, entry.kind === 'offset' ? entry.gen : 0);
  const kids = pdf.get(field, 'Kids');
  const [only, ...more] = Array.isArray(kids) ? kids : [ref];
  const widget = pdf.resolve(only);
  if (!(only instanceof PdfRef) || more.length > 0 || !(widget instanceof PdfDict))
    throw damaged('form-tree');
  refuseDuplicates(field);
  refuseDuplicates(widget);
  return {
    name: fieldName,
    ref,
    field,
    widgetRef: only,
    widget,
    page: pageOf(pdf, only, widget),
    rect: rectangleOf(pdf, widget),
  };
}

/** The page whose /Annots holds the widget; /P is only a hint. */
function pageOf(pdf: PdfDocument, ref: PdfRef, widget: PdfDict): PdfPage {
  const hint = widget.get('P');
  let first: PdfPage | undefined;
  for (const page of walkPages(pdf)) {
    first ??= page;
    if (hint instanceof PdfRef && page.ref?.num === hint.num) return page;
    const annotations = pdf.get(page.dict, 'Annots');
    if (!Array.isArray(annotations)) continue;
    if (annotations.some((item) => item instanceof PdfRef && item.num === ref.num)) return page;
  }
  if (!first) throw damaged('page-tree');
  return first;
}

function rectangleOf(pdf: PdfDocument, widget: PdfDict): Rectangle {
  const written = pdf.get(widget, 'Rect');
  const numbers = Array.isArray(written) ? written.map((item) => pdf.resolve(item)) : [];
  const [a, b, c, d] = numbers.map((item) => (typeof item === 'number' ? item : 0));
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    return { left: 0, bottom: 0, right: 0, top: 0 };
  return { left: Math.min(a, c), bottom: Math.min(b, d), right: Math.max(a, c), top: Math.max(b, d) };
}
