import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { PdfStream } from '../pdf/objects.ts';
import type { XrefEntry, XrefSection } from '../pdf/xref.ts';

/** What the cross-reference sections behind a signed revision list. */
export interface AppendedObjects {
  /** Entries by object number, newest first. */
  readonly entries: ReadonlyMap<number, readonly XrefEntry[]>;
  /** Offsets at which listed objects begin, with their numbers. */
  readonly offsets: ReadonlyMap<number, number>;
}

/** Entries looked up in all; a section that claims more is not an office document's update. */
const maximumLookups = 3_000_000;

/** Lists what `sections` (newest first) say; undefined when they are ambiguous or beyond measure. */
export function listAppended(sections: readonly XrefSection[]): AppendedObjects | undefined {
  const entries = new Map<number, XrefEntry[]>();
  const offsets = new Map<number, number>();
  let lookups = 0;
  for (const section of sections) {
    for (const num of listedNumbers(section)) {
      if (++lookups > maximumLookups) return undefined;
      const entry = section.lookup(num);
      if (!entry) continue;
      if (section.hidden && !agrees(entry, section.hidden.lookup(num))) return undefined;
      const known = entries.get(num);
      if (known) known.push(entry);
      else entries.set(num, [entry]);
      if (entry.kind !== 'offset' || entry.offset === 0) continue;
      if ((offsets.get(entry.offset) ?? num) !== num) return undefined;
      offsets.set(entry.offset, num);
    }
  }
  return { entries, offsets };
}

/** The numbers of a section, each once. */
function* listedNumbers({ runs }: XrefSection): Generator<number> {
  let next = 0;
  for (const { first, count } of runs.toSorted((a, b) => a.first - b.first))
    for (next = Math.max(next, first); next < first + count; next++) yield next;
}

/** In a hybrid file the stream may only tell of what the table hides. */
function agrees(seen: XrefEntry, hidden: XrefEntry | undefined): boolean {
  return !hidden || hidden.kind === 'free' || sameEntry(seen, hidden);
}

export function sameEntry(a: XrefEntry | undefined, b: XrefEntry | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.kind === 'offset') return b.kind === 'offset' && a.offset === b.offset && a.gen === b.gen;
  if (a.kind === 'compressed') return b.kind === 'compressed' && a.stream === b.stream && a.index === b.index;
  return b.kind === 'free';
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Between two objects stands nothing longer. */
const maximumGap = 4096;

/**
 * Whether everything from `from` to the end of the file is a listed object, a cross-reference section with its
 * `startxref … %%EOF`, or white space. Objects that no section lists could be found by readers that scan.
 */
export function isFullyListed(
  pdf: PdfDocument,
  from: number,
  sections: readonly XrefSection[],
  appended: AppendedObjects,
): boolean {
  const spans: Span[] = [];
  for (const [offset, num] of appended.offsets) {
    if (offset < from) continue;
    const end = objectEnd(pdf, offset, num);
    if (end === undefined) return false;
    spans.push({ start: offset, end });
  }
  for (const section of sections) {
    const end = sectionEnd(pdf, section);
    if (end === undefined) return false;
    spans.push({ start: section.offset, end });
    if (section.hidden) spans.push({ start: section.hidden.offset, end: section.hidden.end });
  }
  // A cross-reference stream is both a listed object and a section: the longer span goes first.
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  let position = from;
  let last: Span | undefined;
  for (const span of spans) {
    if (span.start === last?.start) continue;
    if (span.start < position || !isBlank(pdf, position, span.start)) return false;
    position = span.end;
    last = span;
  }
  return isWhiteSpace(pdf, position, pdf.source.size);
}

function objectEnd(pdf: PdfDocument, offset: number, num: number): number | undefined {
  const parser = new ObjectParser(pdf.source, offset, pdf.limits);
  const read = parser.indirectObject();
  if (read.num !== num) return undefined;
  parser.position = read.end;
  if (read.object instanceof PdfStream) {
    const length = pdf.get(read.object.dict, 'Length');
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return undefined;
    parser.position = read.end + length;
    if (!parser.tryKeyword('endstream')) return undefined;
  }
  return parser.tryKeyword('endobj') ? parser.position : undefined;
}

/** Offset after the `%%EOF` that ends a section's revision; a comment before it must look like nothing that readers read. */
function sectionEnd(pdf: PdfDocument, section: XrefSection): number | undefined {
  const parser = new ObjectParser(pdf.source, section.end, pdf.limits);
  if (!parser.tryKeyword('startxref') || parser.tryInteger() !== section.offset) return undefined;
  const match = /^\s*(?:%(?![^\r\n]*(?:obj|xref|trailer))[^\r\n]{0,200}[\r\n]+\s*)?%%EOF/.exec(
    pdf.source.read(parser.position, 512).toString('latin1'),
  );
  return match ? parser.position + match[0].length : undefined;
}

/** White space, or a writer's comment line that no reader can take for an object. */
function isBlank(pdf: PdfDocument, from: number, to: number): boolean {
  if (to - from > maximumGap) return false;
  const text = pdf.source.read(from, to - from).toString('latin1');
  return /^(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*$/.test(text) && !/obj|%%EOF|xref|trailer/.test(text);
}

/** Behind the last section nothing may stand, not even a comment. */
function isWhiteSpace(pdf: PdfDocument, from: number, to: number): boolean {
  if (to - from > maximumGap) return false;
  return /^[\0\t\n\f\r ]*$/.test(pdf.source.read(from, to - from).toString('latin1'));
}
