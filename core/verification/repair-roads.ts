import { isWhitespace } from '../pdf/characters.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { isName, PdfDict, PdfRef } from '../pdf/objects.ts';
import type { XrefSection } from '../pdf/xref.ts';
import { AnThuError } from '../shared/errors.ts';
import { repairsAlike } from './repairs-alike.ts';

// A reader that does not like a cross-reference section looks for objects by its own lights, in the middle of streams too, and finds what
// somebody hid there. Each bound below is one past which poppler, MuPDF, PDFium, pdf.js or Ghostscript did so (tried; docs/attacks.md).

/** Readers look for `startxref` in so many bytes at the end. */
const TAIL_BYTES = 1024;
/** Numbers behind which PDFium (4,194,304) or Ghostscript (below 4,000,000) repair. */
const HIGHEST_NUMBER = 2_000_000;
/** Rows that are looked at in all; a table of more is none that every reader takes. */
const MOST_ROWS = 2_000_000;
const ENTRY_BYTES = 20;
const ENTRIES_AT_ONCE = 2048;

/**
 * Whether some reader would repair the file and could then find other objects than those that its sections name. Reads no object but,
 * in a file with an odd section, every byte once.
 */
export function mayBeRepairedAstray(pdf: PdfDocument): boolean {
  return isOdd(pdf) && !repairsAlike(pdf);
}

function isOdd(pdf: PdfDocument): boolean {
  const { source } = pdf;
  const tail = source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES);
  if (!tail.includes('startxref') || mayMissObjects(pdf)) return true;
  const sections = pdf.sections.flatMap((section) => [section, section.hidden ?? []].flat());
  let rows = 0;
  for (const section of sections) {
    const isPlain = section.kind === 'table' ? isPlainTable(pdf, section) : isPlainStream(pdf, section);
    if (!isPlain || section.highest > HIGHEST_NUMBER) return true;
    if (section.kind === 'table') continue;
    for (const { count } of section.runs) rows += count;
    if (rows > MOST_ROWS || !hasPlainRows(pdf, section)) return true;
  }
  return false;
}

/**
 * Whether poppler would miss an object: it reads earlier sections only for a number below the /Size of those that it has read, so of
 * all sections down to the one with the catalog one must count every object.
 */
function mayMissObjects({ sections, trailer }: PdfDocument): boolean {
  const root = trailer.get('Root');
  if (!(root instanceof PdfRef)) return true;
  let counted = 0;
  for (const section of sections) {
    const size = section.trailer.get('Size');
    counted = Math.max(counted, typeof size === 'number' ? size : 0, section.highest + 1);
    if (root.num >= counted) return true;
    if (section.lookup(root.num)) break;
  }
  return sections.some(({ highest }) => highest >= counted);
}

const xrefLine = /^xref ?(?:\r\n|\r|\n)/;
const headerLine = /^(\d{1,10}) (\d{1,10}) ?(?:\r\n|\r|\n)/;
const trailerWord = /^[\t\n\f\r ]*trailer(?=[\t\n\f\r <])/;
const entries = /(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*/y;

/** Whether a table is written line for line as ISO 32000-1 7.5.4 wants it: entries of 20 bytes, no comments, places inside the file. */
function isPlainTable(pdf: PdfDocument, section: XrefSection): boolean {
  const { source } = pdf;
  if (isNull(section.trailer, 'XRefStm')) return false;
  let at = behindSpace(pdf, section.offset);
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(source.read(at, 64).toString('latin1'));
    if (match) at += match[0].length;
    return match;
  };
  if (!take(xrefLine)) return false;
  let rows = 0;
  while (!take(trailerWord)) {
    const [, first, count] = take(headerLine) ?? [];
    if (first === undefined || count === undefined) return false;
    rows += Number(count);
    if (rows > MOST_ROWS) return false;
    for (let left = Number(count), num = Number(first); left > 0; left -= ENTRIES_AT_ONCE) {
      const some = Math.min(left, ENTRIES_AT_ONCE);
      const text = source.read(at, some * ENTRY_BYTES).toString('latin1');
      entries.lastIndex = 0;
      if (entries.exec(text)?.[0].length !== some * ENTRY_BYTES) return false;
      for (let row = 0; row < text.length; row += ENTRY_BYTES, num++) {
        if (text[row + 17] === 'f') continue;
        if (num === 0 || Number(text.slice(row, row + 10)) >= source.size) return false;
      }
      at += some * ENTRY_BYTES;
    }
  }
  return true;
}

/** Whether a cross-reference stream begins where it is said to, has three usual widths and is packed as readers undo it. */
function isPlainStream(pdf: PdfDocument, section: XrefSection): boolean {
  const start = pdf.source.read(behindSpace(pdf, section.offset), 64).toString('latin1');
  if (!/^0*[1-9]\d{0,9}[\t\n\f\r ]+\d{1,5}[\t\n\f\r ]+obj/.test(start)) return false;
  if (['Index', 'Filter', 'DecodeParms'].some((key) => isNull(section.trailer, key))) return false;
  const widths = section.trailer.get('W');
  const [type, place, generation, ...more] = Array.isArray(widths) ? widths : [];
  const within = (width: unknown, most: number): boolean => typeof width === 'number' && width <= most;
  if (!within(type, 1) || !within(place, 8) || !within(generation, 4) || more.length > 0) return false;
  const filter = section.trailer.get('Filter') ?? null;
  const parameters = section.trailer.get('DecodeParms') ?? null;
  // Ghostscript takes parameters beside a lone name only.
  if (parameters !== null)
    return (
      isName(filter, 'FlateDecode') &&
      parameters instanceof PdfDict &&
      ![...parameters.entries.keys()].some((key) => isNull(parameters, key))
    );
  const [only, ...others] = Array.isArray(filter) ? filter : [filter];
  return (only === null || only === undefined || isName(only, 'FlateDecode')) && others.length === 0;
}

/** Said to be nothing: Ghostscript takes that for a wrong type. */
const isNull = (dict: PdfDict, key: string): boolean => dict.get(key) === null;

function hasPlainRows(pdf: PdfDocument, section: XrefSection): boolean {
  try {
    for (const { first, count } of section.runs)
      for (let num = first; num < first + count; num++) {
        const entry = section.lookup(num);
        if (num === 0 && entry && entry.kind !== 'free') return false;
        if (entry?.kind === 'offset' && entry.offset >= pdf.source.size) return false;
      }
    return true;
  } catch (error) {
    if (error instanceof AnThuError) return false;
    throw error;
  }
}

function behindSpace({ source }: PdfDocument, offset: number): number {
  let at = offset;
  while (at < source.size && isWhitespace(source.byteAt(at))) at++;
  return at;
}
