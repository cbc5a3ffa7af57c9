import { displayedSizeMm, type PdfPage } from '../../pdf/pages.ts';
import { AnThuError } from '../../shared/errors.ts';
import { isInside, POINTS_PER_MM, type MmBox } from '../placement/page-geometry.ts';

/**
 * Place and size of the text blocks of the agency: digitized arrivals, copies, annexes (domain/vietnam.md §1.3,
 * OUR). Points of 1/72 inch.
 */
export const textBlock = {
  fontSize: 10,
  lineHeight: 12,
  maxWidth: 170,
  fromRightMm: 10,
  fromTopMm: 6,
} as const;

/** Text that is measured in points at the block's size. */
export type MeasureText = (text: string) => number;

/** Breaks `text` at spaces so that no line is wider than `maxWidth`; a longer word breaks inside. */
export function wrapText(text: string, maxWidth: number, measure: MeasureText): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (measure(longer) <= maxWidth) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    while (measure(line) > maxWidth) {
      let fit = line.length - 1;
      while (fit > 1 && measure(line.slice(0, fit)) > maxWidth) fit--;
      lines.push(line.slice(0, fit));
      line = line.slice(fit);
    }
  }
  if (line) lines.push(line);
  return lines;
}

/** Width in points that text may take on this page. Throws `signing.page-too-small` when hardly any is left. */
export function blockWidthOn(page: PdfPage): number {
  const room = (displayedSizeMm(page).width - 2 * textBlock.fromRightMm) * POINTS_PER_MM;
  if (room < 60) throw new AnThuError('signing.page-too-small');
  return Math.min(textBlock.maxWidth, room);
}

/** Puts a block of `width` × `height` points at the displayed page's top right. Throws `signing.page-too-small`. */
export function placeTopRight(page: PdfPage, width: number, height: number): MmBox {
  const shown = displayedSizeMm(page);
  const [w, h] = [width / POINTS_PER_MM, height / POINTS_PER_MM];
  const box = { x: shown.width - textBlock.fromRightMm - w, y: textBlock.fromTopMm, w, h };
  if (!isInside(box, shown)) throw new AnThuError('signing.page-too-small');
  return box;
}
