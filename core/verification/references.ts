import { overLimit } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef, type PdfObject } from '../pdf/objects.ts';
import { pushParts } from '../pdf/parts.ts';

/** Objects looked at in one walk; past it the file is too large to judge. */
const maximumObjects = 500_000;

/** An entry of an object that a walk leaves out. */
interface LeftOut {
  readonly num: number;
  readonly key: string;
}

/** Numbers of all objects referred to from `roots`, directly or not, including ones that do not exist. */
export function referencedNumbers(
  pdf: PdfDocument,
  roots: readonly (PdfObject | undefined)[],
  leftOut?: LeftOut,
): Set<number> {
  const found = new Set<number>();
  const waiting: PdfObject[] = roots.map((root) => root ?? null);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfRef) {
      if (found.has(next.num)) continue;
      found.add(next.num);
      if (found.size > maximumObjects) throw overLimit('objects', maximumObjects);
      const object = pdf.peek(next.num);
      const isCut = leftOut?.num === next.num && object instanceof PdfDict;
      waiting.push(isCut ? object.with({ [leftOut.key]: undefined }) : object);
    } else pushParts(next, waiting);
  }
  return found;
}
