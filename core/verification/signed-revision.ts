import type { ByteSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import type { PdfObject } from '../pdf/objects.ts';
import { listRevisions } from '../pdf/revisions.ts';
import { findStartXref } from '../pdf/xref.ts';
import { AnThuError } from '../shared/errors.ts';
import { sameEntry } from './appended-bytes.ts';

/** Units of work (core/pdf/work.ts) for a section when a revision is opened. */
const SECTION_WORK = 100;

/** The first `end` bytes of an open source; closing it leaves the source open. */
function firstBytes(source: ByteSource, end: number): ByteSource {
  return {
    size: end,
    byteAt: (offset) => (offset < end ? source.byteAt(offset) : -1),
    windowAt: (offset) => {
      const window = source.windowAt(offset);
      const { start, bytes } = window;
      return start + bytes.length <= end
        ? window
        : { start, bytes: bytes.subarray(0, Math.max(0, end - start)) };
    },
    read: (offset, length) => source.read(offset, Math.max(0, Math.min(length, end - offset))),
    close: () => {},
  };
}

/**
 * An earlier revision that takes objects from the file of today where both have the same entry: a file with many
 * signatures would otherwise parse each of them anew for every revision. What stands behind the revision's end cannot
 * slip in, since everything appended must be a listed object of its own (appended-bytes.ts).
 */
class EarlierRevision extends PdfDocument {
  today: PdfDocument | undefined;

  override load(num: number, gen?: number): PdfObject {
    const today = whereSame(this, num);
    return today ? today.load(num, gen) : super.load(num, gen);
  }

  override peek(num: number): PdfObject {
    const today = whereSame(this, num);
    return today ? today.peek(num) : super.peek(num);
  }
}

/** The file of today where it has the same entry for an object. */
function whereSame(revision: EarlierRevision, num: number): PdfDocument | undefined {
  const { today } = revision;
  const entry = today && revision.entry(num);
  const isWithin = entry?.kind === 'offset' && entry.offset < revision.source.size;
  return isWithin && sameEntry(entry, today?.entry(num)) ? today : undefined;
}

/** Whether the file is complete: nothing but white space follows the `%%EOF` of its newest revision. */
export function endsWithRevision(pdf: PdfDocument): boolean {
  const last = listRevisions(pdf).at(-1);
  if (!last) return false;
  const rest = pdf.source.size - last.endOffset;
  return rest <= 64 && /^[\0\t\n\f\r ]*$/.test(pdf.source.read(last.endOffset, rest).toString('latin1'));
}

/**
 * The file as it was when its first `end` bytes were all of it; undefined when these bytes are no complete
 * revision, or when the file of today is not built on it (its /Prev chain goes around).
 */
export function openSignedRevision(pdf: PdfDocument, end: number): PdfDocument | undefined {
  try {
    const source = firstBytes(pdf.source, end);
    const head = findStartXref(source);
    const index = pdf.sections.findIndex(({ offset }) => offset === head);
    if (index < 0) return undefined;
    // The chain below an ancestor is the same, and read already.
    const sections = pdf.sections.slice(index);
    if (!sections.every((section) => section.end <= end && (section.hidden?.end ?? 0) <= end))
      return undefined;
    pdf.work.spend(sections.length * SECTION_WORK);
    const signed = new EarlierRevision(source, pdf.limits, pdf.password, { sections, work: pdf.work });
    signed.today = pdf;
    return endsWithRevision(signed) ? signed : undefined;
  } catch (error) {
    if (error instanceof AnThuError) return undefined;
    throw error;
  }
}
