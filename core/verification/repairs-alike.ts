import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { PdfStream } from '../pdf/objects.ts';
import type { XrefEntry } from '../pdf/xref.ts';
import { AnThuError } from '../shared/errors.ts';
import { sameObject } from './same-object.ts';

const CHUNK_BYTES = 512 * 1024;
/** Units of work (core/pdf/work.ts) for an entry and for each item of an object read. */
const [ENTRY_WORK, ITEM_WORK] = [6, 20];

/**
 * Whether a reader that looks for objects in a whole file finds those that its sections name: everything that looks like the beginning
 * of an object or a trailer, or like the end of a stream, in streams and comments too, is one that a section names under this very
 * number, and of each number the last one stands for it today. Files with cross-reference or object streams are not looked at: what readers make of
 * those differs.
 */
export function repairsAlike(pdf: PdfDocument): boolean {
  const { sections } = pdf;
  if (sections.some(({ kind, hidden }) => kind === 'stream' || hidden !== undefined)) return false;
  const [newest] = sections;
  const isInOrder = sections.every(
    ({ offset, trailer }) =>
      newest !== undefined &&
      offset <= newest.offset &&
      ['Root', 'Encrypt'].every((key) => sameObject(trailer.get(key), newest.trailer.get(key))),
  );
  if (!isInOrder) return false;
  try {
    const named = namedObjects(pdf);
    return named !== undefined && holdsOnly(pdf, named);
  } catch (error) {
    if (error instanceof AnThuError) return false;
    throw error;
  }
}

/** MuPDF and Ghostscript unpack what calls itself an object stream; MuPDF takes /Root of anything that calls itself a section (tried). */
const specialNames: readonly string[] = ['ObjStm', 'XRef'];

interface NamedObjects {
  /** Where the words `obj` stand. */
  readonly heads: ReadonlySet<number>;
  /** Where the words `endstream` stand. */
  readonly ends: ReadonlySet<number>;
}

/**
 * The objects that the sections name; undefined when one bears another number than its entry says, or when of some number not the
 * last one in the file is the one of today.
 */
function namedObjects(pdf: PdfDocument): NamedObjects | undefined {
  const [heads, ends] = [new Set<number>(), new Set<number>()];
  const last = new Map<number, number>();
  const numberAt = new Map<number, number>();
  for (const section of pdf.sections)
    for (const { first, count } of section.runs)
      for (let num = first; num < first + count; num++) {
        pdf.work.spend(ENTRY_WORK);
        const entry = section.lookup(num);
        if (entry?.kind !== 'offset' || entry.offset === 0) continue;
        last.set(num, Math.max(entry.offset, last.get(num) ?? 0));
        const known = numberAt.get(entry.offset);
        if (known === num) continue;
        const found = known === undefined ? readNamed(pdf, num, entry) : undefined;
        if (!found) return undefined;
        numberAt.set(entry.offset, num);
        heads.add(found.head);
        if (found.end !== undefined) ends.add(found.end);
      }
  for (const [num, offset] of last) {
    const entry = pdf.entry(num);
    if (entry?.kind !== 'offset' || entry.offset !== offset) return undefined;
  }
  return { heads, ends };
}

/**
 * Where the words `obj` and, of a stream, `endstream` of an object stand; undefined when it says that it is another one, or of a generation
 * (readers prefer the highest one, or the last), or when its stream does not end where its length says.
 */
function readNamed(
  pdf: PdfDocument,
  num: number,
  { offset, gen }: Extract<XrefEntry, { kind: 'offset' }>,
): { readonly head: number; readonly end: number | undefined } | undefined {
  const parser = new ObjectParser(pdf.source, offset, pdf.limits);
  try {
    const read = parser.indirectObject();
    if (read.num !== num || read.gen !== gen || gen !== 0) return undefined;
    const end = read.object instanceof PdfStream ? streamEnd(pdf, read.object, read.end) : undefined;
    if (read.object instanceof PdfStream && end === undefined) return undefined;
    parser.position = offset;
    parser.tryInteger();
    parser.tryInteger();
    parser.skipSpace();
    return { head: parser.position, end };
  } finally {
    pdf.work.spend(parser.position - offset + ITEM_WORK * parser.items);
  }
}

function streamEnd(pdf: PdfDocument, { dict }: PdfStream, start: number): number | undefined {
  const length = pdf.get(dict, 'Length');
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return undefined;
  const parser = new ObjectParser(pdf.source, start + length, pdf.limits);
  if (!parser.tryKeyword('endstream')) return undefined;
  // Many streams may end in one long run of blanks.
  pdf.work.spend(parser.position - (start + length));
  return parser.position - 'endstream'.length;
}

/** Longest word that is looked for, escapes and what stands before it included. */
const WORD_BYTES = 32;

/** What looks like a trailer, an object or the end of a stream, or like a name that readers unpack, however it is written. */
const [trailerWord, headWord, endWord] = [/trailer/g, /(?<![A-Za-z])obj/g, /endstream/g];
const specialWords = specialNames.map((name) => new RegExp([...name].map(writtenAs).join(''), 'g'));

/** A letter of a name as itself or as `#xx`. */
function writtenAs(letter: string): string {
  const hex = letter.charCodeAt(0).toString(16);
  return `(?:${letter}|#${hex}|#${hex.toUpperCase()})`;
}

/** Whether every word in the file is one of these objects, and each section has its trailer. Reads the file once. */
function holdsOnly({ source, sections }: PdfDocument, { heads, ends }: NamedObjects): boolean {
  let trailers = 0;
  for (let offset = 0; offset < source.size; offset += CHUNK_BYTES) {
    // A word may stand across the end of a chunk.
    const start = Math.max(0, offset - WORD_BYTES);
    const chunk = source.read(start, offset - start + CHUNK_BYTES).toString('latin1');
    const places = (word: RegExp): number[] =>
      Array.from(chunk.matchAll(word), ({ 0: { length }, index }) => ({ at: start + index, length }))
        .filter(({ at, length }) => offset === 0 || at + length > offset)
        .map(({ at }) => at);
    trailers += places(trailerWord).length;
    if (trailers > sections.length || specialWords.some((word) => places(word).length > 0)) return false;
    if (!places(headWord).every((at) => heads.has(at)) || !places(endWord).every((at) => ends.has(at)))
      return false;
  }
  return trailers === sections.length;
}
