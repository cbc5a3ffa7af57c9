import { normaliseNotation, normaliseNumber } from '../../shared/document-number.ts';

/** What identifies a document between agencies: its id, or number, notation and issuer (domain/vietnam.md §0 item 6). */
export interface DocumentIdentity {
  readonly documentId?: string;
  readonly codeNumber: string;
  readonly codeNotation: string;
  /** Issuer's code, when known; compared only when both sides have one. */
  readonly organId?: string;
  readonly organName?: string;
  /** `yyyy-MM-dd`; numbers start again each year, so two dates in different years are two documents. */
  readonly issuedDate?: string | null;
}

/** `organ,date,number/notation` with the number's zeros and the date's separators made equal. */
export function normaliseDocumentId(id: string): string {
  const match = /^([^,]*),([^,]*),([^/]*)\/(.*)$/.exec(normaliseNotation(id));
  if (!match) return normaliseNotation(id);
  const [, organ = '', date = '', number = '', notation = ''] = match;
  return `${organ.trim()},${date.trim().replaceAll('-', '/')},${normaliseNumber(number)}/${notation.trim()}`;
}

const foldName = (name: string) => normaliseNotation(name).toLocaleLowerCase('vi');

/**
 * Whether two records speak of one document: the same document id; or the same number and notation from the same
 * issuer, not of different years. Never on number and notation alone: every commune has a 05/BC-UBND.
 */
export function sameDocument(a: DocumentIdentity, b: DocumentIdentity): boolean {
  if (
    a.documentId &&
    b.documentId &&
    normaliseDocumentId(a.documentId) === normaliseDocumentId(b.documentId)
  ) {
    return true;
  }
  if (normaliseNumber(a.codeNumber) !== normaliseNumber(b.codeNumber)) return false;
  if (normaliseNotation(a.codeNotation) !== normaliseNotation(b.codeNotation)) return false;
  if (a.issuedDate && b.issuedDate && a.issuedDate.slice(0, 4) !== b.issuedDate.slice(0, 4)) return false;
  if (a.organId && b.organId) return a.organId === b.organId;
  return Boolean(a.organName && b.organName) && foldName(a.organName ?? '') === foldName(b.organName ?? '');
}

/** `{OrganId},{yyyy/MM/dd},{số}/{ký hiệu}` (domain/vietnam.md §5.2). */
export function makeDocumentId(
  organId: string,
  issuedDate: string,
  number: string,
  notation: string,
): string {
  return `${organId},${issuedDate.replaceAll('-', '/')},${number}/${notation}`;
}
