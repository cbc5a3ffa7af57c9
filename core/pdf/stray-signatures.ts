import { overLimit } from './damage.ts';
import type { PdfDocument } from './document.ts';
import { walkFormFields } from './form-fields.ts';
import { isName, PdfDict, PdfRef, PdfString, textOf, type PdfObject } from './objects.ts';
import { walkAnnotations } from './page-annotations.ts';
import { readSignature, type SignatureField } from './signature-fields.ts';

/**
 * Signed fields that stand on a page and not in the form: poppler leaves the form's list as it was where the form stands
 * inside the catalog, and readers find such a signature all the same. In the order of the pages. Throws what
 * walkFormFields and walkAnnotations throw.
 */
export function readStraySignatures(pdf: PdfDocument, mostPages = pdf.limits.pages): SignatureField[] {
  const known = new Set<number>();
  for (const { ref } of walkFormFields(pdf)) if (ref) known.add(ref.num);
  const found: SignatureField[] = [];
  for (const { item } of walkAnnotations(pdf, mostPages)) {
    const ref = fieldOf(pdf, item);
    if (!ref || known.has(ref.num)) continue;
    known.add(ref.num);
    const field = straySignatureAt(pdf, ref.num);
    if (field) found.push(field);
    if (found.length > pdf.limits.signatures) throw overLimit('signatures', pdf.limits.signatures);
  }
  return found;
}

/** The field of an object number as if it stood in the form; undefined when it is no signed field. */
export function straySignatureAt(pdf: PdfDocument, num: number): SignatureField | undefined {
  const field = pdf.load(num);
  if (!(field instanceof PdfDict) || !isSignatureField(pdf, field) || pdf.get(field, 'V') === null)
    return undefined;
  const name = pdf.get(field, 'T');
  return {
    fieldName: name instanceof PdfString ? textOf(name) : '',
    fieldObjectNumber: num,
    field,
    signature: readSignature(pdf, field),
  };
}

/** A widget that is its own field, or the field that it is the widget of. */
function fieldOf(pdf: PdfDocument, item: PdfObject): PdfRef | undefined {
  const widget = item instanceof PdfRef ? pdf.resolve(item) : null;
  if (!(item instanceof PdfRef) || !(widget instanceof PdfDict)) return undefined;
  if (isSignatureField(pdf, widget)) return item;
  const parent = widget.get('Parent');
  const field = parent instanceof PdfRef ? pdf.resolve(parent) : null;
  return parent instanceof PdfRef && field instanceof PdfDict && isSignatureField(pdf, field)
    ? parent
    : undefined;
}

function isSignatureField(pdf: PdfDocument, dict: PdfDict): boolean {
  return isName(pdf.get(dict, 'FT'), 'Sig');
}
