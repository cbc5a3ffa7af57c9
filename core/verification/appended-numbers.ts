import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { isName, PdfStream, type PdfObject } from '../pdf/objects.ts';
import type { XrefSection } from '../pdf/xref.ts';
import type { AppendedObjects } from './appended-bytes.ts';

/** Both states of the file. */
interface States {
  readonly before: PdfDocument;
  readonly after: PdfDocument;
}

const isOfType = (object: PdfObject, type: string): boolean =>
  object instanceof PdfStream && isName(object.dict.get('Type'), type);

/**
 * Whether no number is used twice where only some readers look: object 0 stays free, a cross-reference stream does not bear the
 * number of a signed object, and all that lies in an object stream is listed (readers that repair a file take it from there).
 */
export function areNumbersHonest(
  { before, after }: States,
  sections: readonly XrefSection[],
  appended: AppendedObjects,
): boolean {
  // Some writers call it in use, at offset 0.
  const isFree = (appended.entries.get(0) ?? []).every(
    (entry) => entry.kind === 'free' || (entry.kind === 'offset' && entry.offset === 0),
  );
  if (!isFree) return false;
  const streams = sections.flatMap((section) => [section, section.hidden ?? []].flat());
  for (const { kind, offset } of streams) {
    if (kind !== 'stream') continue;
    const { num } = new ObjectParser(after.source, offset, after.limits).indirectObject();
    const old = before.load(num);
    if (old !== null && !isOfType(old, 'XRef')) return false;
  }
  for (const num of appended.offsets.values())
    if (isOfType(after.load(num), 'ObjStm') && !isWhollyListed(after, num, appended)) return false;
  return true;
}

function isWhollyListed(after: PdfDocument, stream: number, { entries }: AppendedObjects): boolean {
  return after
    .numbersIn(stream)
    .every((num, index) =>
      entries
        .get(num)
        ?.some((entry) => entry.kind === 'compressed' && entry.stream === stream && entry.index === index),
    );
}
