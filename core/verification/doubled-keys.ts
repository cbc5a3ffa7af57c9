import { PdfDict, type PdfObject } from '../pdf/objects.ts';
import { pushParts } from '../pdf/parts.ts';

/**
 * Keys that tell nothing of what a document shows, and that some writers repeat: dates and makers' names, how the window opens, where
 * the structure is numbered.
 */
const harmlessKeys: ReadonlySet<string> = new Set([
  'PageMode', 'PageLayout', 'CreationDate', 'ModDate', 'LastModified', 'Creator', 'Producer', 'M', 'NM', 'Metadata', 'StructParent',
  'StructParents', 'ProcSet', 'Trapped', 'Length1', 'Length2', 'Length3', 'FontFamily', 'DL',
]); // prettier-ignore

/**
 * Whether readers could take a dictionary for two different ones: a key that stands twice with two values (poppler, MuPDF and
 * pdf.js take the last, Ghostscript the first of few; tried), or one with a zero byte, where poppler ends it.
 */
export function hasDoubledKeys({ entries, duplicates }: PdfDict): boolean {
  if (duplicates.some((key) => !harmlessKeys.has(key))) return true;
  for (const key of entries.keys()) if (key.includes('\0')) return true;
  return false;
}

/** The same for an object and all that is written inside it. */
export function holdsDoubledKeys(object: PdfObject): boolean {
  const waiting: PdfObject[] = [object];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfDict && hasDoubledKeys(next)) return true;
    pushParts(next, waiting);
  }
  return false;
}
