import type { ByteSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import { listRevisions } from '../pdf/revisions.ts';
import { AnThuError } from '../shared/errors.ts';

/** The first `end` bytes of an open source; closing it leaves the source open. */
function firstBytes(source: ByteSource, end: number): ByteSource {
  return {
    size: end,
    byteAt: (offset) => (offset < end ? source.byteAt(offset) : -1),
    read: (offset, length) => source.read(offset, Math.max(0, Math.min(length, end - offset))),
    close: () => {},
  };
}

/** Whether the file is complete: nothing but white space follows the `%%EOF` of its newest revision. */
export function endsWithRevision(pdf: PdfDocument): boolean {
  const last = listRevisions(pdf).at(-1);
  if (!last) return false;
  const rest = pdf.source.size - last.endOffset;
  return rest <= 64 && /^[\s\0]*$/.test(pdf.source.read(last.endOffset, rest).toString('latin1'));
}

/**
 * The file as it was when its first `end` bytes were all of it; undefined when these bytes are no complete
 * revision, or when the file of today is not built on it (its /Prev chain goes around).
 */
export function openSignedRevision(pdf: PdfDocument, end: number): PdfDocument | undefined {
  try {
    const signed = new PdfDocument(firstBytes(pdf.source, end), pdf.limits, pdf.password);
    const head = signed.sections[0]?.offset;
    const isAncestor = pdf.sections.some((section) => section.offset === head);
    return isAncestor && endsWithRevision(signed) ? signed : undefined;
  } catch (error) {
    if (error instanceof AnThuError) return undefined;
    throw error;
  }
}
