import { normaliseNotation, normaliseNumber } from '../../shared/document-number.ts';

/** `organ,date,number/notation` with the number's zeros and the date's separators made equal. */
export function normaliseDocumentId(id: string): string {
  const match = /^([^,]*),([^,]*),([^/]*)\/(.*)$/.exec(normaliseNotation(id));
  if (!match) return normaliseNotation(id);
  const [, organ = '', date = '', number = '', notation = ''] = match;
  return `${organ.trim()},${date.trim().replaceAll('-', '/')},${normaliseNumber(number)}/${notation.trim()}`;
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
