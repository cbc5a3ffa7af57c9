import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { PdfDict } from '../pdf/objects.ts';
import { AnThuError } from '../shared/errors.ts';

/** Where viewers look for the word that makes a file linearized. */
const searchedBytes = 2048;

/**
 * Whether the file's first object sends viewers to another cross-reference section than the one that its end names: where the
 * length that a linearization dictionary tells (/L) is the file’s, poppler and pdf.js (tried) begin at the section right behind it, and
 * others may. An honest linearized file names that same one at its end; once it has grown, /L is not its length any more.
 */
export function isLinearizedAstray(pdf: PdfDocument): boolean {
  const parser = new ObjectParser(pdf.source, 0, pdf.limits);
  let first: PdfDict;
  try {
    const read = parser.indirectObject();
    if (!(read.object instanceof PdfDict) || read.object.get('Linearized') === undefined) return false;
    first = read.object;
    parser.position = read.end;
    if (!parser.tryKeyword('endobj')) return true;
  } catch (thrown) {
    if (!(thrown instanceof AnThuError)) throw thrown;
    // Viewers read what is not well-formed too, the word in escapes as well.
    const text = pdf.source.read(0, searchedBytes).toString('latin1');
    const plain = text.replace(/#([\da-f]{2})/gi, (_escape, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    return plain.includes('/Linearized');
  }
  if (first.duplicates.includes('L')) return true;
  const length = first.get('L');
  if (typeof length !== 'number' || Math.trunc(length) !== pdf.source.size) return false;
  const behind = parser.position;
  parser.skipSpace();
  const { offset } = pdf.sections[0] ?? { offset: -1 };
  return offset < behind || offset > parser.position;
}
