import { AnThuError } from '../shared/errors.ts';
import type { PdfDocument } from './document.ts';
import { readSignatureFields, type SignatureField } from './signature-fields.ts';
import { readStraySignatures } from './stray-signatures.ts';

/**
 * Every field that bears a signature, or something in a signature's place: those of the form, then those that stand only on a
 * page. In a broken page tree none of the latter are found: it is judged with what covers it. Throws `pdf.too-many-pages`,
 * `pdf.limit`, `pdf.damaged` for the form's tree.
 */
export function readSignedFields(pdf: PdfDocument, mostPages = pdf.limits.pages): SignatureField[] {
  const inForm = readSignatureFields(pdf).filter(({ field }) => pdf.get(field, 'V') !== null);
  return [...inForm, ...strays(pdf, mostPages)];
}

function strays(pdf: PdfDocument, mostPages: number): SignatureField[] {
  try {
    return readStraySignatures(pdf, mostPages);
  } catch (thrown) {
    if (thrown instanceof AnThuError && thrown.code === 'pdf.damaged') return [];
    throw thrown;
  }
}
