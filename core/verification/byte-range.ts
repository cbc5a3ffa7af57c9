import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { PdfString } from '../pdf/objects.ts';
import type { SignatureDictionary, SignatureField } from '../pdf/signature-fields.ts';

/** The bytes a signature covers: from 0 to `gapStart`, and from `gapEnd` to `end`. */
export interface SignedRange {
  readonly gapStart: number;
  readonly gapEnd: number;
  /** Offset after the last covered byte. */
  readonly end: number;
  /** Whether the angle brackets of /Contents lie in the gap, as they should, or are signed. */
  readonly brackets: 'in-gap' | 'signed';
}

/** More than any signature dictionary of ours or others holds beside /Contents. */
const maximumDictionaryBytes = 256 * 1024;

/**
 * Checks /ByteRange and /Contents of a signature by the rules (a) to (c) of findings/signing-peers.md §3.5:
 * four plain integers, first 0, ordered and within the file; the gap is exactly the one hex string that is
 * /Contents, written without a break, direct in a dictionary that is not inside an object stream and has no key
 * twice. Undefined when any of it does not hold.
 */
export function readSignedRange(pdf: PdfDocument, field: SignatureField): SignedRange | undefined {
  const { signature } = field;
  if (!signature || signature.dict.duplicates.length > 0) return undefined;
  const { byteRange, contents, contentsSpan } = signature;
  if (!byteRange || byteRange.length !== 4 || !contents || contents.length === 0 || !contentsSpan)
    return undefined;
  const [start = -1, gapStart = -1, gapEnd = -1, tail = -1] = byteRange;
  const numbers = [start, gapStart, gapEnd, tail];
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return undefined;
  const end = gapEnd + tail;
  if (start !== 0 || gapStart === 0 || tail === 0 || gapEnd <= gapStart || end > pdf.source.size)
    return undefined;
  // Some writers sign the angle brackets too: that leaves nobody more room, so it is read kindly.
  const [before, after] = [gapStart - contentsSpan.start, contentsSpan.end - gapEnd];
  if (before !== after || (before !== 0 && before !== 1)) return undefined;
  const direct = signature.dict.get('Contents');
  if (!(direct instanceof PdfString) || direct.notation !== 'hex') return undefined;
  if (contentsSpan.end - contentsSpan.start !== contents.length * 2 + 2) return undefined;
  const brackets = before === 0 ? 'in-gap' : 'signed';
  return isPlainlyWritten(pdf, field, signature) ? { gapStart, gapEnd, end, brackets } : undefined;
}

/** Whether the source text holds `/ByteRange [n n n n]` once, as bare digits: no reals, references or copies. */
function isPlainlyWritten(pdf: PdfDocument, field: SignatureField, signature: SignatureDictionary): boolean {
  const holder = signature.objectNumber ?? field.fieldObjectNumber;
  const entry = holder === undefined ? undefined : pdf.entry(holder);
  const span = signature.contentsSpan;
  if (entry?.kind !== 'offset' || !span) return false;
  const object = new ObjectParser(pdf.source, entry.offset, pdf.limits).indirectObject();
  const before = span.start - entry.offset;
  const after = object.end - span.end;
  if (before < 0 || after < 0 || before > maximumDictionaryBytes || after > maximumDictionaryBytes)
    return false;
  const text =
    pdf.source.read(entry.offset, before).toString('latin1') +
    pdf.source.read(span.end, after).toString('latin1');
  const plain = text.match(/\/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]/g) ?? [];
  const named = text.match(/\/ByteRange/g) ?? [];
  return plain.length === 1 && named.length === 1;
}

/**
 * The signatures whose ranges collide with another one's (rule d): a dictionary used by two fields, two ranges
 * that end alike, or one whose gap lies inside what another covers although it is not older.
 */
export function collidingFields(ranges: ReadonlyMap<SignatureField, SignedRange>): Set<SignatureField> {
  const colliding = new Set<SignatureField>();
  // Of two, the one that ends later must not begin its gap before the other's end; sorted, each is held against all others at once.
  const byEnd = [...ranges].sort(([, a], [, b]) => a.end - b.end);
  let endBefore = 0;
  for (const [field, { gapStart, end }] of byEnd) {
    if (gapStart < endBefore) colliding.add(field);
    endBefore = end;
  }
  let gapBehind = Infinity;
  for (const [field, { gapStart, end }] of byEnd.toReversed()) {
    if (gapBehind < end) colliding.add(field);
    gapBehind = Math.min(gapBehind, gapStart);
  }
  return colliding;
}
