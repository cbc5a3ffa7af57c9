import type { Proposal, ProposalSource, ProposedField } from '../contract/reading.ts';
import type { PageText } from '../ports/page-reader.ts';
import { parseDateLine } from './date-line.ts';
import { documentTypes, officialLetterType, typeByNotation } from './document-types.ts';
import { issuerOf } from './issuer.ts';
import { findSecrecyMark, findUrgencyMark } from './marks.ts';
import { looksLikeNumberLine, parseNumberLine } from './number-line.ts';
import { toPageBox } from './page-box.ts';
import { matchRecipient } from './recipient.ts';
import { around, confidenceOf, middleX, middleY, segmentsOf, type Segment } from './segments.ts';
import { findSigner } from './signer.ts';
import { beginsSubject, findTitle, subjectOfLetter, subjectUnderTitle } from './title.ts';

export interface ProposalContext {
  /** `yyyy-MM-dd` in Vietnam. */
  readonly today: string;
  /** Names of the offices that receive here, as `Ủy ban nhân dân xã …`. */
  readonly ownAgencyNames: readonly string[];
  /** Agencies whose spelling is known. */
  readonly knownAgencies?: readonly string[];
  /** The last page read whole, for the signer; may be the same page. */
  readonly lastPage?: PageText;
}

/**
 * Proposes the fields of a document from the words on (the head of) its first page, by where they stand and
 * how they look (domain/vietnam.md §1.10). Every value is a proposal for the clerk; the confidence is the
 * reader's own, lowered wherever a value is unlikely, was mended, or is contradicted by another one.
 */
export function proposeFields(page: PageText, context: ProposalContext): Proposal {
  const source: ProposalSource = page.source ?? 'ocr';
  const segments = segmentsOf(page);
  const propose = <T>(value: T, confidence: number, parts: readonly Segment[]): ProposedField<T> => ({
    value,
    confidence: rounded(confidence),
    source,
    ...(parts.length > 0 ? { box: toPageBox(page, around(parts)) } : {}),
  });
  const head = page.pageHeight * 0.4;
  const inHead = segments.filter(({ box }) => middleY(box) < head);

  const numberSegment = inHead.find(
    ({ text, box }) => middleX(box) < page.pageWidth * 0.55 && looksLikeNumberLine(text),
  );
  const number = numberSegment && parseNumberLine(numberSegment.text);
  const numberSure = numberSegment ? sureness(numberSegment) : 0;
  const numberParts = numberSegment ? [numberSegment] : [];
  const numberY = numberSegment ? middleY(numberSegment.box) : page.pageHeight * 0.13;

  const issuer = issuerOf(
    inHead.filter(
      ({ box, folded }) =>
        middleX(box) < page.pageWidth * 0.48 &&
        middleY(box) < numberY - (box.y1 - box.y0) * 0.5 &&
        !/cong hoa|doc lap|hanh phuc/.test(folded),
    ),
    context.knownAgencies ?? [],
  );

  const date = inHead
    .filter(
      ({ box }) =>
        middleX(box) > page.pageWidth * 0.45 && Math.abs(middleY(box) - numberY) < page.pageHeight * 0.08,
    )
    .map((segment) => ({ segment, read: parseDateLine(segment.text, context.today) }))
    .find(({ read }) => read !== undefined);

  const typed = proposeTypeAndSubject(segments, page.pageWidth, numberY, number?.notation ?? null);
  const urgency = findUrgencyMark(page);
  const secrecy = findSecrecyMark(page);
  const lookedForRed = page.redMarks !== undefined;
  const recipient = matchRecipient(segments, page.pageHeight, context.ownAgencyNames);
  const signer = findSigner(context.lastPage ?? page);
  const type = documentTypes.find(({ id }) => id === typed.typeId);

  return {
    docNumber:
      number && number.number !== null
        ? propose(number.number, Math.min(0.95, numberSure) * number.numberTrust, numberParts)
        : null,
    docNotation:
      number && number.notation !== null
        ? propose(number.notation, numberSure * number.notationTrust, numberParts)
        : null,
    docDate: date?.read
      ? propose(date.read.date, sureness(date.segment) * date.read.trust, [date.segment])
      : null,
    issuer: issuer
      ? propose(issuer.name, Math.min(...issuer.segments.map(sureness)) * issuer.trust, issuer.segments)
      : null,
    typeId: type ? propose(type.id, typed.typeTrust, typed.typeParts) : null,
    typeName: type ? propose(type.name, typed.typeTrust, typed.typeParts) : null,
    subject:
      typed.subjectParts.length > 0
        ? propose(
            ...tidySubject(
              typed.subjectParts,
              sureness({ words: typed.subjectParts.flatMap(({ words }) => words) }) * typed.subjectTrust,
            ),
            typed.subjectParts,
          )
        : null,
    urgency: urgency
      ? { value: urgency.level, confidence: urgency.confidence, source, box: urgency.box }
      : { value: 'thuong', confidence: lookedForRed ? 0.9 : 0.6, source },
    secrecy: secrecy
      ? { value: secrecy.level, confidence: secrecy.confidence, source, box: secrecy.box }
      : { value: 'thuong', confidence: lookedForRed ? 0.9 : 0.6, source },
    signerName: signer ? propose(signer.text, sureness(signer) * 0.9, []) : null,
    recipientMatches: recipient ? propose(recipient.matches, recipient.trust, recipient.parts) : null,
    ms: page.ms,
    engine: page.engine ?? 'unknown',
  };
}

/**
 * From the reader's confidence to ours: tesseract gives 0.9 and more to words it has right and falls quickly
 * below; the weakest word of a field counts as much as all together.
 */
function sureness(part: Pick<Segment, 'words'>): number {
  const words = part.words.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  if (words.length === 0) return 0;
  const weakest = Math.min(...words.map(({ confidence }) => confidence));
  const raw = (confidenceOf(words) + weakest) / 2;
  return Math.min(0.98, Math.max(0.05, (raw - 0.4) / 0.54));
}

/** Compounds with `đổi` that OCR reads as `đối` in bold; the misread ones are no words. */
const misreadChange = /(?<=(?:^|\s)(?:trao|thay|sửa|chuyển|biến) )đối(?=\s|$)/giu;

/**
 * One line, without the dots and dashes that dust and rules leave at its end; certain misreadings put right,
 * with less confidence.
 */
function tidySubject(parts: readonly Segment[], confidence: number): [subject: string, confidence: number] {
  const read = parts
    .map(({ text }) => text)
    .join(' ')
    .replace(/[\s.,;:_\-–—'"`]+$/u, '');
  const mended = read.replace(misreadChange, 'đổi');
  return [mended, mended === read ? confidence : confidence * 0.85];
}

function rounded(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence)) * 100) / 100;
}

interface TypeAndSubject {
  readonly typeId: number | null;
  readonly typeTrust: number;
  readonly typeParts: readonly Segment[];
  readonly subjectParts: readonly Segment[];
  readonly subjectTrust: number;
}

function proposeTypeAndSubject(
  segments: readonly Segment[],
  pageWidth: number,
  numberY: number,
  notation: string | null,
): TypeAndSubject {
  const byNotation = notation === null ? undefined : typeByNotation(notation);
  const title = findTitle(segments, pageWidth, numberY);
  if (title) {
    const subjectParts = subjectUnderTitle(segments, title.segment, pageWidth);
    const agreed = byNotation ? (byNotation.id === title.type.id ? 0.98 : 0.5) : 0.8;
    return {
      typeId: title.type.id,
      typeTrust: agreed * (title.exact ? 1 : 0.85) * Math.max(0.6, sureness(title.segment)),
      typeParts: [title.segment],
      subjectParts,
      subjectTrust: 1,
    };
  }
  const subjectParts = subjectOfLetter(segments, pageWidth, numberY);
  const printed = subjectParts[0] !== undefined && /^(V\/v|Về việc)\s/u.test(subjectParts[0].text);
  const subjectTrust = printed ? 1 : 0.7;
  if (byNotation) return { typeId: byNotation.id, typeTrust: 0.6, typeParts: [], subjectParts, subjectTrust };
  const addressed = segments.some(({ folded }) => folded.startsWith('kinh gui'));
  const typeTrust = subjectParts.some(({ text }) => beginsSubject(text)) ? 0.95 : addressed ? 0.7 : 0;
  return {
    typeId: typeTrust > 0 ? officialLetterType : null,
    typeTrust,
    typeParts: subjectParts.slice(0, 1),
    subjectParts,
    subjectTrust,
  };
}
