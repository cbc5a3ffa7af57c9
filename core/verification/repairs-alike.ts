import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { AnThuError } from '../shared/errors.ts';
import { sameObject } from './same-object.ts';

const CHUNK_BYTES = 512 * 1024;

/**
 * Whether a reader that looks for objects in a whole file finds those that its sections name: everything that looks like the beginning
 * of an object or a trailer, in streams and comments too, is one that a section names, and of each number the last one stands
 * for it today. Files with cross-reference or object streams are not looked at: what readers make of those differs.
 */
export function repairsAlike(pdf: PdfDocument): boolean {
  const { sections } = pdf;
  if (sections.some(({ kind, hidden }) => kind === 'stream' || hidden !== undefined)) return false;
  const [newest] = sections;
  const isInOrder = sections.every(
    ({ offset, trailer }) =>
      newest !== undefined && offset <= newest.offset && sameObject(trailer.get('Root'), newest.trailer.get('Root')),
  ); // prettier-ignore
  if (!isInOrder) return false;
  try {
    const named = namedObjects(pdf);
    return (
      named !== undefined &&
      countOf(pdf, 'trailer') === sections.length &&
      countOf(pdf, 'ObjStm') === 0 &&
      everyObject(pdf, (at) => named.has(at))
    );
  } catch (error) {
    if (error instanceof AnThuError) return false;
    throw error;
  }
}

/**
 * Where the word `obj` stands of every object that a section names; undefined when of some number not the last one in the file is the
 * one of today.
 */
function namedObjects(pdf: PdfDocument): ReadonlySet<number> | undefined {
  const places = new Set<number>();
  const last = new Map<number, number>();
  for (const section of pdf.sections)
    for (const { first, count } of section.runs)
      for (let num = first; num < first + count; num++) {
        pdf.work.spend(1);
        const entry = section.lookup(num);
        if (entry?.kind !== 'offset' || entry.offset === 0) continue;
        last.set(num, Math.max(entry.offset, last.get(num) ?? 0));
        const parser = new ObjectParser(pdf.source, entry.offset, pdf.limits);
        parser.tryInteger();
        parser.tryInteger();
        parser.skipSpace();
        places.add(parser.position);
      }
  for (const [num, offset] of last) {
    const entry = pdf.entry(num);
    if (entry?.kind !== 'offset' || entry.offset !== offset) return undefined;
  }
  return places;
}

/** Places of a word in the file. */
function* placesOf({ source }: PdfDocument, word: string): Generator<number> {
  for (let offset = 0; offset < source.size; offset += CHUNK_BYTES) {
    // A word may stand across the end of a chunk.
    const chunk = source.read(offset, CHUNK_BYTES + word.length - 1);
    for (let at = chunk.indexOf(word); at >= 0; at = chunk.indexOf(word, at + 1)) yield offset + at;
  }
}

function countOf(pdf: PdfDocument, word: string): number {
  let count = 0;
  for (const at of placesOf(pdf, word)) count += at < 0 ? 0 : 1;
  return count;
}

/** Whether every `obj` that no letter stands before (as in `endobj`) is one that is known. */
function everyObject(pdf: PdfDocument, isKnown: (at: number) => boolean): boolean {
  for (const at of placesOf(pdf, 'obj')) {
    const before = String.fromCharCode(pdf.source.byteAt(at - 1));
    if (!/[A-Za-z]/.test(before) && !isKnown(at)) return false;
  }
  return true;
}
