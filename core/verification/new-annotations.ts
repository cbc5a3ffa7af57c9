import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { pushParts } from '../pdf/parts.ts';
import type { Comparison } from './permitted-changes.ts';

/** Comments and marks; nothing that links, plays, attaches, takes away or belongs to a form. */
const subtypes: ReadonlySet<string> = new Set([
  'Text', 'FreeText', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Highlight', 'Underline', 'Squiggly',
  'StrikeOut', 'Stamp', 'Caret', 'Ink', 'Popup',
]); // prettier-ignore

/** Keys that could make an annotation do something, lead or bring a file somewhere, or take its look from elsewhere by a switch. */
const forbiddenKeys: readonly string[] = [
  'A', 'AA', 'OC', 'FT', 'JS', 'Kids', 'AF', 'FS', 'Dest', 'PA', 'ExData', 'Sound', 'Movie', 'V',
]; // prettier-ignore

/** Whether a reference leads to a new annotation that only marks or comments. */
export function isNewComment({ after, isNew }: Comparison, reference: PdfObject | undefined): boolean {
  if (!(reference instanceof PdfRef) || !isNew(reference.num)) return false;
  const dict = after.resolve(reference);
  if (!(dict instanceof PdfDict) || dict.duplicates.length > 0) return false;
  const subtype = after.get(dict, 'Subtype');
  if (!(subtype instanceof PdfName) || !subtypes.has(subtype.value)) return false;
  return forbiddenKeys.every((key) => dict.get(key) === undefined) && bringsNothingAlong(after, dict, isNew);
}

/** A file specification's content, files that belong to something (ISO 32000-2 14.13, as viewers list them), and scripts. */
const carryingKeys: readonly string[] = ['AF', 'EF', 'JS'];

/**
 * Whether the new objects that a dictionary leads to – looks and what they use – bring along no file, script or layer: those are
 * no part of a comment or of a signature's look, and a viewer may list or run them.
 */
export function bringsNothingAlong(
  after: PdfDocument,
  dict: PdfDict,
  isNew: (num: number) => boolean,
): boolean {
  const seen = new Set<number>();
  const waiting: PdfObject[] = [dict];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfRef) {
      if (seen.has(next.num) || !isNew(next.num)) continue;
      seen.add(next.num);
      waiting.push(after.peek(next.num));
      continue;
    }
    if (next instanceof PdfStream && next.dict.get('OC') !== undefined) return false;
    if (next instanceof PdfDict && carryingKeys.some((key) => next.get(key) !== undefined)) return false;
    pushParts(next, waiting);
  }
  return true;
}
