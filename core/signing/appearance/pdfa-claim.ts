import type { PdfDocument } from '../../pdf/document.ts';
import { PdfStream } from '../../pdf/objects.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { MaskKind } from './picture-form.ts';

/** Metadata above this size is not searched. */
const MOST_BYTES = 1024 * 1024;

/** The part of PDF/A that a file's metadata claims; undefined for an ordinary PDF. */
export function pdfaPart(pdf: PdfDocument): number | undefined {
  const metadata = pdf.get(pdf.catalog(), 'Metadata');
  if (!(metadata instanceof PdfStream)) return undefined;
  try {
    const xmp = Buffer.from(pdf.decodeStream(metadata).subarray(0, MOST_BYTES)).toString('latin1');
    const part = /pdfaid:part\s*(?:=\s*["']|>)\s*(\d)/.exec(xmp)?.[1];
    return part === undefined ? undefined : Number(part);
  } catch (thrown) {
    if (thrown instanceof AnThuError) return undefined;
    throw thrown;
  }
}

/** Which masks a file may get: soft ones need PDF/A-2 or later with an output intent, or no PDF/A at all. */
export function masksFor(pdf: PdfDocument): MaskKind {
  const part = pdfaPart(pdf);
  if (part === undefined) return 'soft';
  const intents = pdf.get(pdf.catalog(), 'OutputIntents');
  return part >= 2 && Array.isArray(intents) && intents.length > 0 ? 'soft' : 'hard';
}
