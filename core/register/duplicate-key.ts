import { normaliseNotation, normaliseNumber } from '../shared/document-number.ts';
import { foldVietnamese } from '../shared/fold.ts';

/**
 * Makes number, notation and issuer comparable for the duplicate warning (domain/vietnam.md §0.6). Issuers are
 * compared without marks and punctuation, since they are typed. Empty when the document bears no number: such
 * documents are not duplicates of one another.
 */
export function duplicateKey(fields: { docNumber: string; docNotation: string; issuer: string }): string {
  const number = normaliseNumber(fields.docNumber).toLowerCase();
  if (number === '') return '';
  const notation = normaliseNotation(fields.docNotation).replaceAll(' ', '').replace(/[–—]/g, '-');
  const issuer = foldVietnamese(fields.issuer)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  return [number, notation, issuer].join('|');
}
