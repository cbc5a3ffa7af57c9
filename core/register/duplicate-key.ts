import { foldVietnamese } from '../shared/fold.ts';

/**
 * Makes issuer, number and notation comparable: `05` equals `5`, Đ and its look-alike Ð are one, spaces and
 * composition do not count (domain/vietnam.md §0.6 and end of §5). Notation keeps its case. Empty when the
 * document bears no number: such documents are not duplicates of one another.
 */
export function duplicateKey(fields: { docNumber: string; docNotation: string; issuer: string }): string {
  const number = fields.docNumber
    .trim()
    .replace(/^0+(?=.)/, '')
    .toLowerCase();
  if (number === '') return '';
  const notation = fields.docNotation
    .normalize('NFC')
    .replaceAll('Ð', 'Đ')
    .replace(/\s+/g, '')
    .replace(/[–—]/g, '-');
  const issuer = foldVietnamese(fields.issuer)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  return [number, notation, issuer].join('|');
}
