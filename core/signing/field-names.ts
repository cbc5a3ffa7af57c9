import type { PdfDocument } from '../pdf/document.ts';
import { walkFormFields } from '../pdf/form-fields.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { readSignedFields } from '../pdf/signed-fields.ts';
import { MOST_PAGES } from './most-pages.ts';

/** First parts of the names that the form's fields bear, and what is signed beside the form. */
export function takenNames(
  pdf: PdfDocument,
  signed: readonly SignatureField[] = readSignedFields(pdf, MOST_PAGES),
): Set<string> {
  const taken = new Set<string>();
  const add = (name: string): unknown => taken.add(name.split('.')[0] ?? name);
  for (const { name } of walkFormFields(pdf)) add(name);
  for (const { fieldName } of signed) add(fieldName);
  return taken;
}

/** `stem` with the first number that no field of the tree bears: `Signature1`, `Signature2` … */
export function freeFieldName(pdf: PdfDocument, stem: string, signed?: readonly SignatureField[]): string {
  const taken = takenNames(pdf, signed);
  let number = 1;
  while (taken.has(`${stem}${number}`)) number++;
  return `${stem}${number}`;
}
