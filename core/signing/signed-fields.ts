import type { PdfDocument } from '../pdf/document.ts';
import { readSignatureFields, type SignatureField } from '../pdf/signature-fields.ts';
import { readStraySignatures } from '../pdf/stray-signatures.ts';
import { AnThuError } from '../shared/errors.ts';

/** No document of an office is longer; what claims to be is there to do harm. */
export const MOST_PAGES = 10_000;

/**
 * Every field that bears a signature, or something in a signature's place: those of the form, then those that stand only on a
 * page, which our own verifier judges too. In a broken page tree it finds none of the latter, and neither do we. Throws
 * `pdf.too-many-pages`.
 */
export function readSignedFields(pdf: PdfDocument): SignatureField[] {
  const inForm = readSignatureFields(pdf).filter(({ field }) => pdf.get(field, 'V') !== null);
  return [...inForm, ...strays(pdf)];
}

function strays(pdf: PdfDocument): SignatureField[] {
  try {
    return readStraySignatures(pdf, MOST_PAGES);
  } catch (thrown) {
    if (thrown instanceof AnThuError && thrown.code === 'pdf.damaged') return [];
    throw thrown;
  }
}
