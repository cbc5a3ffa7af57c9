import type { PdfDocument } from '../pdf/document.ts';
import { surveyObjects } from './object-survey.ts';

/**
 * The number of the first object on the way from the catalog that readers could see differently: one that does not stand
 * where the cross-reference says, a stream that does not end where its /Length says, a doubled key in a page, the page
 * tree or the catalog. Undefined when there is none. Throws `pdf.limit`.
 */
export function findUnsoundObject(pdf: PdfDocument): number | undefined {
  return surveyObjects(pdf).unsound;
}
