import { warning } from '../shared/warning.ts';
import type { Warning } from '../contract/common.ts';
import type { Proposal } from '../contract/reading.ts';
import type { PageReader } from '../ports/page-reader.ts';
import { findSecrecyMark, type SecrecyMark } from './marks.ts';
import { proposeFields, type ProposalContext } from './propose-fields.ts';

/** Share of page 1 that holds the cells of the head (ô 1 to 5, 10), with room for a long subject. */
export const headFraction = 0.45;

export interface ReadHeadRequest extends ProposalContext {
  readonly pdfPath: string;
  /** Number of pages of the document. */
  readonly pages: number;
}

export interface HeadReading {
  readonly proposal: Proposal;
  /** A độ mật mark: the file goes to quarantine, before number and outbox. */
  readonly secrecy: SecrecyMark | null;
  readonly warnings: readonly Warning[];
}

/** Reads the head of a document's first page and proposes its fields. Fails as the reader does (`reading.*`). */
export async function readHeadOfDocument(reader: PageReader, request: ReadHeadRequest): Promise<HeadReading> {
  const started = performance.now();
  const page = await reader.readPage({ pdfPath: request.pdfPath, page: 0, fraction: headFraction });
  const proposal = proposeFields(page, request);
  return {
    proposal: { ...proposal, ms: Math.round(performance.now() - started) },
    secrecy: findSecrecyMark(page),
    warnings: warningsOf(proposal),
  };
}

function warningsOf(proposal: Proposal): Warning[] {
  const warnings: Warning[] = [];
  if (proposal.docDate && proposal.docDate.confidence < 0.45) {
    warnings.push(warning('reading.unlikely-date'));
  }
  if (proposal.recipientMatches?.value === false) {
    warnings.push(warning('reading.other-recipient'));
  }
  return warnings;
}
