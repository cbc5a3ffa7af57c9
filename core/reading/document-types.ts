import { documentTypes, type DocumentType } from '../contract/document-types.ts';
import { foldVietnamese } from '../shared/fold.ts';
import { editDistance } from './segments.ts';

export { documentTypes, type DocumentType } from '../contract/document-types.ts';

/** Công văn has no letters in its notation and no type name on the page. */
export const officialLetterType = 18;

/** The type whose letters start a notation: `QĐ-UBND`, `2026/NQ-HĐND`. Marks and case count. */
export function typeByNotation(notation: string): DocumentType | undefined {
  const letters = notation.replace(/^\d{4}\//, '').split('-')[0];
  return documentTypes.find((type) => type.letters !== '' && type.letters === letters);
}

/** The type named by a title line, forgiving lost marks and, in long names, one wrong letter. */
export function typeByTitle(title: string): { type: DocumentType; exact: boolean } | undefined {
  const folded = foldVietnamese(title)
    .replace(/[^a-z ]/g, '')
    .trim();
  for (const type of documentTypes) {
    if (foldVietnamese(type.name) === folded) return { type, exact: true };
  }
  if (folded.length < 7) return undefined;
  const near = documentTypes.filter((type) => editDistance(foldVietnamese(type.name), folded) === 1);
  return near[0] && near.length === 1 ? { type: near[0], exact: false } : undefined;
}
