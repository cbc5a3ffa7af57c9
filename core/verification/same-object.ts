import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from '../pdf/objects.ts';

/** Whether two objects are written alike: references by number, strings by bytes. Streams are never the same. */
export function sameObject(a: PdfObject | undefined, b: PdfObject | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a instanceof PdfName) return b instanceof PdfName && a.value === b.value;
  if (a instanceof PdfRef) return b instanceof PdfRef && a.num === b.num && a.gen === b.gen;
  if (a instanceof PdfString) return b instanceof PdfString && Buffer.compare(a.bytes, b.bytes) === 0;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameObject(item, b[index]));
  if (a instanceof PdfDict) return b instanceof PdfDict && changedKeys(a, b).length === 0;
  if (typeof a === 'object' && a !== null) return false;
  return a === b;
}

/** Keys whose values differ or that only one of the dictionaries has. A doubled key counts as changed. */
export function changedKeys(before: PdfDict, after: PdfDict): string[] {
  const keys = new Set([...before.entries.keys(), ...after.entries.keys()]);
  const changed = [...keys].filter((key) => !sameObject(before.get(key), after.get(key)));
  return [...new Set([...changed, ...after.duplicates])];
}

/** Like {@link sameObject}, with streams compared by dictionary and raw bytes, each in its own document. */
export function sameStoredObject(
  before: { readonly pdf: PdfDocument; readonly object: PdfObject },
  after: { readonly pdf: PdfDocument; readonly object: PdfObject },
): boolean {
  if (before.object instanceof PdfStream && after.object instanceof PdfStream)
    return (
      sameObject(before.object.dict, after.object.dict) &&
      Buffer.compare(before.pdf.rawStream(before.object), after.pdf.rawStream(after.object)) === 0
    );
  return sameObject(before.object, after.object);
}
