import { overLimit } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfRef, type PdfDict, type PdfObject } from '../pdf/objects.ts';
import { pushParts } from '../pdf/parts.ts';

/** Objects looked at in one walk; past it the file is too large to judge. */
const maximumObjects = 500_000;

/** An object that a walk sees otherwise than it is, without some of its entries. */
interface SeenAs {
  readonly num: number;
  readonly as: PdfDict;
}

/** Numbers of all objects referred to from `roots`, directly or not, including ones that do not exist. */
export function referencedNumbers(
  pdf: PdfDocument,
  roots: readonly (PdfObject | undefined)[],
  seenAs?: SeenAs,
): Set<number> {
  const found = new Set<number>();
  const waiting: PdfObject[] = roots.map((root) => root ?? null);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfRef) {
      if (found.has(next.num)) continue;
      found.add(next.num);
      if (found.size > maximumObjects) throw overLimit('objects', maximumObjects);
      waiting.push(seenAs?.num === next.num ? seenAs.as : pdf.peek(next.num));
    } else pushParts(next, waiting);
  }
  return found;
}

/** Numbers to which more than one place refers, on all ways from `roots`. Throws `pdf.limit` as {@link referencedNumbers} does. */
export function sharedNumbers(pdf: PdfDocument, roots: readonly PdfObject[]): Set<number> {
  const [found, shared] = [new Set<number>(), new Set<number>()];
  const waiting: PdfObject[] = [...roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!(next instanceof PdfRef)) pushParts(next, waiting);
    else if (found.has(next.num)) shared.add(next.num);
    else {
      found.add(next.num);
      if (found.size > maximumObjects) throw overLimit('objects', maximumObjects);
      waiting.push(pdf.peek(next.num));
    }
  }
  return shared;
}
