import type { PdfDocument } from '../pdf/document.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { collidingFields, readSignedRange, type SignedRange } from './byte-range.ts';
import { isAmbiguous, type SignedRanges } from './judge-coverage.ts';

/**
 * Ranges of the signed fields that can be judged at all: well-formed, apart from each other, of names that stand once, in an
 * unambiguous file. A field that is not among them counts as malformed.
 */
export function readSignedRanges(pdf: PdfDocument, fields: readonly SignatureField[]): SignedRanges {
  if (isAmbiguous(pdf)) return new Map();
  const ranges = new Map<SignatureField, SignedRange>();
  const repeated = repeatedNames(fields);
  // Thousands of fields may share one long dictionary, which is looked at once.
  const read = new Map<number | undefined, SignedRange | undefined>();
  for (const field of fields) {
    if (repeated.has(field.fieldName)) continue;
    const num = field.signature?.objectNumber;
    const range = read.has(num) ? read.get(num) : readSignedRange(pdf, field);
    if (num !== undefined) read.set(num, range);
    if (range) ranges.set(field, range);
  }
  for (const field of collidingFields(ranges)) ranges.delete(field);
  return ranges;
}

/** Names that more than one of the fields bears: nobody could say which of them is meant. */
function repeatedNames(fields: readonly SignatureField[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { fieldName } of fields) {
    if (seen.has(fieldName)) repeated.add(fieldName);
    seen.add(fieldName);
  }
  return repeated;
}
