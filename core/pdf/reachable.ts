import { AnThuError } from '../shared/errors.ts';
import type { PdfDocument } from './document.ts';
import { PdfRef, type PdfObject } from './objects.ts';
import { pushParts } from './parts.ts';

/** Objects followed at most; what lies behind is not looked at. */
const MOST_OBJECTS = 500_000;

/**
 * Numbers behind the file's last one to which any object on the way from the trailer refers. Objects that cannot be read are
 * passed over. Reads every object, but no stream's data.
 */
export function findReferencesBeyond(pdf: PdfDocument): ReadonlySet<number> {
  const seen = new Set<number>();
  const waiting: PdfObject[] = [...pdf.trailer.entries.values()];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfRef) {
      if (seen.has(next.num) || seen.size >= MOST_OBJECTS) continue;
      seen.add(next.num);
      pdf.work.spend(1); // what is used up is not passed over
      waiting.push(loadOrNull(pdf, next.num));
    } else pushParts(next, waiting);
  }
  return pdf.referencedBeyond;
}

function loadOrNull(pdf: PdfDocument, num: number): PdfObject {
  try {
    return pdf.peek(num);
  } catch (thrown) {
    if (thrown instanceof AnThuError && thrown.code.startsWith('pdf.')) return null;
    throw thrown;
  }
}
