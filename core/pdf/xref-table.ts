import type { ByteSource } from './byte-source.ts';
import { code, isDigit, isWhitespace } from './characters.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';
import { runFinder, type NumberRun } from './number-runs.ts';
import { ObjectParser } from './object-parser.ts';
import { PdfDict } from './objects.ts';
import type { XrefEntry, XrefSection } from './xref.ts';

const ENTRY_BYTES = 20;
/** Entries of odd width are held in memory, so fewer of them are taken. */
const LOOSE_ENTRIES = 500_000;
/** `n` and `f`. */
const [IN_USE, FREE] = [0x6e, 0x66];

/** Consecutive object numbers whose entries stand one after another. */
interface Subsection extends NumberRun {
  readonly entry: (index: number) => XrefEntry;
}

/**
 * Reads the cross-reference table at `offset` (its `xref` keyword) and its trailer. Entries of the usual 20
 * bytes stay in the file until they are asked for; odd widths are read token by token.
 */
export function readXrefTable(source: ByteSource, offset: number, limits: PdfLimits): XrefSection {
  const parser = new ObjectParser(source, offset, limits);
  if (parser.keyword() !== 'xref') throw damaged('xref-not-found', offset);
  const subsections: Subsection[] = [];
  let highest = -1;
  let total = 0;
  while (!parser.tryKeyword('trailer')) {
    const first = parser.tryInteger();
    const count = parser.tryInteger();
    if (first === undefined || count === undefined) throw damaged('xref-syntax', parser.position);
    total += count;
    if (total > limits.objects || first + count > limits.objects + 1)
      throw overLimit('objects', limits.objects);
    if (count === 0) continue;
    subsections.push(readSubsection(source, parser, first, count));
    highest = Math.max(highest, first + count - 1);
  }
  const trailer = parser.object();
  if (!(trailer instanceof PdfDict)) throw damaged('trailer', offset);
  const find = runFinder(subsections);
  const lookup = (num: number): XrefEntry | undefined => {
    const found = find(num);
    return found?.entry(num - found.first);
  };
  return {
    kind: 'table',
    offset,
    trailer,
    oddNumbers: parser.sawOddNumber,
    highest,
    end: parser.position,
    runs: subsections,
    bytes: 0,
    lookup,
  };
}

function readSubsection(source: ByteSource, parser: ObjectParser, first: number, count: number): Subsection {
  parser.skipSpace();
  const start = parser.position;
  const entryAt = (index: number): XrefEntry | undefined => parseEntry(source, start + index * ENTRY_BYTES);
  if (isFixedWidth(source, start, count)) {
    parser.position = start + count * ENTRY_BYTES;
    return {
      first,
      count,
      entry: (index) => {
        const entry = entryAt(index);
        if (!entry) throw damaged('xref-entry', start + index * ENTRY_BYTES);
        return entry;
      },
    };
  }
  const entries = readLooseEntries(parser, count);
  return { first, count, entry: (index) => entries[index] ?? { kind: 'free' } };
}

/** `nnnnnnnnnn ggggg n` and two bytes of line end, as ISO 32000-1 7.5.4 wants it; asked often, so byte by byte and without a string. */
function parseEntry(source: ByteSource, at: number): XrefEntry | undefined {
  const offset = fixedNumber(source, at, 10);
  const gen = fixedNumber(source, at + 11, 5);
  const kind = source.byteAt(at + 17);
  const [last, end] = [source.byteAt(at + 18), source.byteAt(at + 19)];
  const ends = last === code.space ? end === code.cr || end === code.lf : last === code.cr && end === code.lf;
  const spaced = source.byteAt(at + 10) === code.space && source.byteAt(at + 16) === code.space;
  if (offset < 0 || gen < 0 || !spaced || !ends) return undefined;
  if (kind === IN_USE) return { kind: 'offset', offset, gen };
  return kind === FREE ? { kind: 'free' } : undefined;
}

/** A number of exactly so many digits, or -1. */
function fixedNumber(source: ByteSource, at: number, digits: number): number {
  let value = 0;
  for (let index = 0; index < digits; index++) {
    const byte = source.byteAt(at + index);
    if (!isDigit(byte)) return -1;
    value = value * 10 + byte - 0x30;
  }
  return value;
}

/** True when the first and last entry have 20 bytes and something else than an entry follows. */
function isFixedWidth(source: ByteSource, start: number, count: number): boolean {
  const after = source.byteAt(start + count * ENTRY_BYTES);
  const before = source.byteAt(start + count * ENTRY_BYTES - 1);
  return (
    isWhitespace(before) &&
    after >= 0 &&
    parseEntry(source, start) !== undefined &&
    parseEntry(source, start + (count - 1) * ENTRY_BYTES) !== undefined
  );
}

function readLooseEntries(parser: ObjectParser, count: number): XrefEntry[] {
  if (count > LOOSE_ENTRIES) throw overLimit('objects', LOOSE_ENTRIES);
  const entries: XrefEntry[] = [];
  for (let i = 0; i < count; i++) {
    const offset = parser.tryInteger();
    const gen = parser.tryInteger();
    const kind = parser.keyword();
    if (offset === undefined || gen === undefined || (kind !== 'n' && kind !== 'f'))
      throw damaged('xref-syntax', parser.position);
    entries.push(kind === 'n' ? { kind: 'offset', offset, gen } : { kind: 'free' });
  }
  return entries;
}
