import type { PdfDocument } from '../pdf/document.ts';
import { walkFormFields } from '../pdf/form-fields.ts';

/** First parts of the names that the form's fields bear. */
export function takenNames(pdf: PdfDocument): Set<string> {
  const taken = new Set<string>();
  for (const { name } of walkFormFields(pdf)) taken.add(name.split('.')[0] ?? name);
  return taken;
}

/** `stem` with the first number that no field of the tree bears: `Signature1`, `Signature2` … */
export function freeFieldName(pdf: PdfDocument, stem: string): string {
  const taken = takenNames(pdf);
  let number = 1;
  while (taken.has(`${stem}${number}`)) number++;
  return `${stem}${number}`;
}
