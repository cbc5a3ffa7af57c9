import { code } from './characters.ts';
import type { PdfDocument } from './document.ts';
import { ObjectParser } from './object-parser.ts';

/** One saved state of the file: everything up to `endOffset`. */
export interface PdfRevision {
  /** Offset of the cross-reference section that its `startxref` names. */
  readonly xrefOffset: number;
  /** Offset after its `%%EOF` and the end-of-line that follows. */
  readonly endOffset: number;
}

/**
 * The revisions of a file, oldest first. Each section is followed by `startxref N %%EOF`; the two sections of a
 * linearized file count as the one revision that its last `%%EOF` ends.
 */
export function listRevisions(pdf: PdfDocument): PdfRevision[] {
  const heads = new Set(pdf.sections.map(({ offset }) => offset));
  const ends = new Map<number, number>();
  for (const section of pdf.sections) {
    const parser = new ObjectParser(pdf.source, section.end, pdf.limits);
    if (!parser.tryKeyword('startxref')) continue;
    const named = parser.tryInteger();
    if (named === undefined || !heads.has(named)) continue;
    const end = afterEofMarker(pdf, parser.position);
    if (end !== undefined) ends.set(named, Math.max(end, ends.get(named) ?? 0));
  }
  return [...ends]
    .map(([xrefOffset, endOffset]) => ({ xrefOffset, endOffset }))
    .sort((a, b) => a.endOffset - b.endOffset);
}

function afterEofMarker(pdf: PdfDocument, from: number): number | undefined {
  const text = pdf.source.read(from, 64).toString('latin1');
  const match = /^\s*%%EOF/.exec(text);
  if (!match) return undefined;
  let end = from + match[0].length;
  if (pdf.source.byteAt(end) === code.cr) end++;
  if (pdf.source.byteAt(end) === code.lf) end++;
  return end;
}
