import type { PdfDocument } from '../pdf/document.ts';
import { isName, PdfDict, PdfRef } from '../pdf/objects.ts';
import { walkAnnotations } from '../pdf/page-annotations.ts';
import { walkFormFields } from '../pdf/form-fields.ts';

/**
 * Widgets on pages that belong to no field of the form and are no signatures: where one has no look, viewers draw it by the
 * form's default look and fonts.
 */
export function strayWidgets(pdf: PdfDocument): PdfDict[] {
  const owned = new Set<number>();
  for (const { ref, dict } of walkFormFields(pdf)) {
    if (ref) owned.add(ref.num);
    const kids = pdf.get(dict, 'Kids');
    for (const kid of Array.isArray(kids) ? kids : []) if (kid instanceof PdfRef) owned.add(kid.num);
  }
  const stray: PdfDict[] = [];
  for (const { item } of walkAnnotations(pdf)) {
    if (item instanceof PdfRef && owned.has(item.num)) continue;
    const dict = pdf.resolve(item);
    if (!(dict instanceof PdfDict) || isName(pdf.get(dict, 'FT'), 'Sig')) continue;
    if (isName(pdf.get(dict, 'Subtype'), 'Widget')) stray.push(dict);
  }
  return stray;
}
