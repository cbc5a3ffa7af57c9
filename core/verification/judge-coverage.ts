import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { SignatureReport } from '../contract/verification.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { readSignatureFields, type SignatureField } from '../pdf/signature-fields.ts';
import { straySignatureAt } from '../pdf/stray-signatures.ts';
import type { XrefSection } from '../pdf/xref.ts';
import { listAppended } from './appended-bytes.ts';
import type { SignedRange } from './byte-range.ts';
import { hasDoubledKeys } from './doubled-keys.ts';
import { isLinearizedAstray } from './linearization.ts';
import { failed, undecided, type Judgement } from './judgement.ts';
import { classifyLater } from './later-changes.ts';
import { modificationRules } from './modification-rules.ts';
import { coversPage } from './signature-size.ts';
import { endsWithRevision, openSignedRevision } from './signed-revision.ts';

/** What a signature covers and what came after it. */
export interface CoverageJudgement {
  readonly coverage: SignatureReport['coverage'];
  readonly later: SignatureReport['later'];
  readonly changes: SignatureReport['changes'];
  /** What the clerk should be told of lawful additions. */
  readonly notes: readonly VerificationMessageCode[];
  /** Set when the signature cannot stand for the file as it is now. */
  readonly problem: Judgement | undefined;
}

/** All well-formed signatures of the file with their ranges. */
export type SignedRanges = ReadonlyMap<SignatureField, SignedRange>;

const partial: CoverageJudgement = {
  coverage: 'partial',
  later: 'forbidden',
  changes: [],
  notes: [],
  problem: failed('FORMAT_FAILURE', 'verify.partial-coverage', 'verify.changed-after-signing'),
};

/**
 * Whether readers could see different files: bytes before the header, a trailer that says something twice, a hybrid file at
 * odds with itself, a linearization that leads past the newest section, or a trailer with numbers that not all take (`/Prev 15.0`
 * makes poppler repair the file; tried).
 */
export function isAmbiguous(pdf: PdfDocument): boolean {
  if (pdf.source.read(0, 5).toString('latin1') !== '%PDF-') return true;
  const isDouble = ({ trailer }: XrefSection): boolean => hasDoubledKeys(trailer);
  const isTorn = (section: XrefSection, index: number): boolean =>
    section.hidden !== undefined &&
    (isDouble(section.hidden) ||
      !listAppended([section]) ||
      leadsElsewhere(section, section.hidden, pdf.sections[index + 1]));
  const isOdd = (section: XrefSection): boolean =>
    section.oddNumbers || (section.hidden?.oddNumbers ?? false);
  return (
    isLinearizedAstray(pdf) ||
    pdf.sections.some((section, i) => isDouble(section) || isOdd(section) || isTorn(section, i))
  );
}

/**
 * Whether the stream of a hybrid section goes on to other sections (/Prev) than its table does: pdf.js follows both, the
 * stream's before what stands further back in the table's chain (tried).
 */
function leadsElsewhere(section: XrefSection, hidden: XrefSection, next: XrefSection | undefined): boolean {
  const previous = hidden.trailer.get('Prev') ?? null;
  return previous !== null && previous !== section.trailer.get('Prev') && previous !== next?.hidden?.offset;
}

/** Judges coverage and later revisions of one signature (findings/signing-peers.md §3.5 e, f). */
export function judgeCoverage(
  pdf: PdfDocument,
  field: SignatureField,
  range: SignedRange,
  ranges: SignedRanges,
): CoverageJudgement {
  if (range.end === pdf.source.size) {
    if (!endsWithRevision(pdf)) return partial;
    return { coverage: 'whole-file', later: 'none', changes: [], notes: [], problem: undefined };
  }
  const signed = openSignedRevision(pdf, range.end);
  if (!signed || !isSameSignature(signed, field)) return partial;
  const laterSignedFields = new Set<number>();
  for (const [other, otherRange] of ranges)
    if (otherRange.end > range.end && other.fieldObjectNumber !== undefined)
      laterSignedFields.add(other.fieldObjectNumber);
  const earlier = [...ranges].flatMap(([other, { end }]) => (end <= range.end ? [other] : []));
  const rules = modificationRules(pdf, earlier);
  const { later, changes, limit } = classifyLater(pdf, signed, { laterSignedFields, rules });
  const problem =
    later === 'permitted'
      ? undefined
      : limit
        ? undecided('POLICY_PROCESSING_ERROR', 'verify.limit-reached')
        : failed('FORMAT_FAILURE', 'verify.changed-after-signing');
  const covered = later === 'permitted' && coversPage(pdf, laterSignedFields);
  const notes = covered ? (['verify.signature-covers-page'] as const) : [];
  return { coverage: 'revision', later, changes: [...changes], notes, problem };
}

/** The field and its dictionary must have been the same when it was signed (rule e: spoofing). */
function isSameSignature(signed: PdfDocument, field: SignatureField): boolean {
  const num = field.fieldObjectNumber;
  const stray = num === undefined ? undefined : straySignatureAt(signed, num);
  return [...readSignatureFields(signed), ...(stray ? [stray] : [])].some(
    (earlier) =>
      earlier.fieldName === field.fieldName &&
      earlier.fieldObjectNumber === field.fieldObjectNumber &&
      earlier.signature?.objectNumber === field.signature?.objectNumber &&
      earlier.signature?.contentsSpan?.start === field.signature?.contentsSpan?.start,
  );
}
