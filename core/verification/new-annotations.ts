import { PdfDict, PdfName, PdfRef, type PdfObject } from '../pdf/objects.ts';
import type { Comparison } from './permitted-changes.ts';

/** Comments and marks; nothing that links, plays, attaches, takes away or belongs to a form. */
const subtypes: ReadonlySet<string> = new Set([
  'Text', 'FreeText', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Highlight', 'Underline', 'Squiggly',
  'StrikeOut', 'Stamp', 'Caret', 'Ink', 'Popup',
]); // prettier-ignore

/** Keys that could make an annotation do something, or take its look from elsewhere by a switch. */
const forbiddenKeys: readonly string[] = ['A', 'AA', 'OC', 'FT', 'JS', 'Kids'];

/** Whether a reference leads to a new annotation that only marks or comments. */
export function isNewComment({ after, isNew }: Comparison, reference: PdfObject | undefined): boolean {
  if (!(reference instanceof PdfRef) || !isNew(reference.num)) return false;
  const dict = after.resolve(reference);
  if (!(dict instanceof PdfDict) || dict.duplicates.length > 0) return false;
  const subtype = after.get(dict, 'Subtype');
  if (!(subtype instanceof PdfName) || !subtypes.has(subtype.value)) return false;
  return forbiddenKeys.every((key) => dict.get(key) === undefined);
}
