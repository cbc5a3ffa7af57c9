import type { ByteSource } from './byte-source.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';
import type { NumberRun } from './number-runs.ts';
import { ObjectParser } from './object-parser.ts';
import type { PdfDict } from './objects.ts';
import { readXrefStream } from './xref-stream.ts';
import { readXrefTable } from './xref-table.ts';

/** Where an object lies, as a cross-reference section says. */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly gen: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number };

/** One cross-reference section: a table with its trailer, or a stream. */
export interface XrefSection {
  readonly kind: 'table' | 'stream';
  readonly offset: number;
  readonly trailer: PdfDict;
  /** Set when the trailer writes a number with a sign or a point: readers that want plain ones repair the file by their own lights. */
  readonly oddNumbers: boolean;
  /** Highest object number listed, -1 when none. */
  readonly highest: number;
  /** Offset after the trailer dictionary or after `endobj`. */
  readonly end: number;
  /** The numbers it lists, in the file's order. */
  readonly runs: readonly NumberRun[];
  /** Bytes of it that are held in memory. */
  readonly bytes: number;
  lookup(num: number): XrefEntry | undefined;
  /** The stream of a hybrid file, consulted for what the table hides. */
  readonly hidden?: XrefSection;
}

const TAIL_BYTES = 2048;
/** Expanded cross-reference streams of all sections together: each may be small in the file, and all are held. */
const MOST_HELD = 64 * 1024 * 1024;

/** The offset that the last `startxref` of the file names. */
export function findStartXref(source: ByteSource): number {
  const tailStart = Math.max(0, source.size - TAIL_BYTES);
  const tail = source.read(tailStart, TAIL_BYTES).toString('latin1');
  const at = tail.lastIndexOf('startxref');
  const match = at < 0 ? null : /^startxref[\s]+(\d{1,15})(?=\s|%|$)/.exec(tail.slice(at));
  if (!match) throw damaged('no-startxref');
  return Number(match[1]);
}

/** All sections from the newest to the oldest along /Prev. */
export function readXrefSections(source: ByteSource, startXref: number, limits: PdfLimits): XrefSection[] {
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let bytes = 0;
  for (let offset: number | undefined = startXref; offset !== undefined;) {
    if (seen.has(offset)) throw damaged('xref-loop', offset);
    if (seen.size >= limits.sections) throw overLimit('sections', limits.sections);
    seen.add(offset);
    const section = readSection(source, offset, limits);
    sections.push(section);
    bytes += section.bytes;
    if (bytes > MOST_HELD) throw overLimit('streamBytes', MOST_HELD);
    offset = offsetIn(section.trailer, 'Prev', source);
  }
  return sections;
}

function readSection(source: ByteSource, offset: number, limits: PdfLimits): XrefSection {
  const parser = new ObjectParser(source, offset, limits);
  if (!parser.tryKeyword('xref')) return readXrefStream(source, offset, limits);
  const table = readXrefTable(source, offset, limits);
  const hiddenAt = offsetIn(table.trailer, 'XRefStm', source);
  if (hiddenAt === undefined) return table;
  const hidden = readXrefStream(source, hiddenAt, limits);
  return {
    ...table,
    highest: Math.max(table.highest, hidden.highest),
    hidden,
    runs: [...table.runs, ...hidden.runs],
    bytes: table.bytes + hidden.bytes,
    lookup: (num) => lookupHybrid(table, hidden, num),
  };
}

/** The table first; what it lacks or calls free is looked for in the stream (ISO 32000-1, 7.5.8.4). */
function lookupHybrid(table: XrefSection, hidden: XrefSection, num: number): XrefEntry | undefined {
  const open = table.lookup(num);
  if (open && open.kind !== 'free') return open;
  return hidden.lookup(num) ?? open;
}

function offsetIn(trailer: PdfDict, key: 'Prev' | 'XRefStm', source: ByteSource): number | undefined {
  const value = trailer.get(key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value >= source.size)
    throw damaged('trailer');
  return value;
}
