import { overLimit } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { AnThuError } from '../shared/errors.ts';

/** Objects looked at in one file. */
const maximumObjects = 500_000;

/**
 * The number of the first object on the way from the catalog that readers could see differently: one that does not stand
 * where the cross-reference says, a stream that does not end where its /Length says, a doubled key in a page, the page
 * tree or the catalog. Undefined when there is none. Throws `pdf.limit`.
 */
export function findUnsoundObject(pdf: PdfDocument): number | undefined {
  const seen = new Set<number>();
  const waiting: PdfObject[] = [pdf.trailer.get('Root') ?? null];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfRef) {
      if (seen.has(next.num)) continue;
      seen.add(next.num);
      if (seen.size > maximumObjects) throw overLimit('objects', maximumObjects);
      try {
        const object = pdf.load(next.num);
        // A length is proved by its `endstream`; anywhere else readers that miss the number show something else.
        if (pdf.isGlued(next.num)) return next.num;
        if (object instanceof PdfStream) pdf.checkStreamEnd(object);
        if (object instanceof PdfDict && hasAmbiguousKeys(object)) return next.num;
        waiting.push(object);
      } catch (error) {
        if (error instanceof AnThuError && error.code === 'pdf.damaged') return next.num;
        throw error;
      }
    } else if (Array.isArray(next)) for (const item of next) waiting.push(item);
    else if (next instanceof PdfDict) for (const item of next.entries.values()) waiting.push(item);
    else if (next instanceof PdfStream)
      // The length was checked with the stream's end.
      for (const [key, item] of next.dict.entries) if (key !== 'Length') waiting.push(item);
  }
  return undefined;
}

/** Keys that decide what is shown; where they come twice, readers take the first or the last. */
const decidingKeys: ReadonlySet<string> = new Set([
  'Type', 'Pages', 'Kids', 'Contents', 'Resources', 'Annots', 'AcroForm', 'Fields', 'V', 'AP', 'N', 'MediaBox', 'CropBox',
  'Rotate', 'Rect', 'F', 'OC', 'Encoding', 'ToUnicode', 'CharProcs', 'Font', 'XObject',
]); // prettier-ignore

const hasAmbiguousKeys = ({ duplicates }: PdfDict): boolean =>
  duplicates.some((key) => decidingKeys.has(key));
