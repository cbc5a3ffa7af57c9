import type { PageText } from '../ports/page-reader.ts';
import { capitalShare, middleX, middleY, segmentsOf, type Segment } from './segments.ts';

const authority =
  /^(tm|kt|tl|tuq|q)\s*\.|^(pho )?(chu tich|giam doc|truong phong|chanh van phong|cuc truong|vien truong)$/;
const personName = /^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}*){1,4}$/u;

/** The signer's full name (ô 7b): mixed case, in the right half, under the title in capitals. Needs the page's foot. */
export function findSigner(page: PageText): Segment | undefined {
  if (page.fraction < 1) return undefined;
  const right = segmentsOf(page).filter(({ box }) => middleX(box) > page.pageWidth * 0.5);
  const title = right.findLast(({ folded, text }) => capitalShare(text) > 0.9 && authority.test(folded));
  if (!title) return undefined;
  const names = right.filter(
    ({ box, text }) =>
      middleY(box) > middleY(title.box) && personName.test(text.replace(/[^\p{L} ]/gu, '').trim()),
  );
  return names.at(-1);
}
