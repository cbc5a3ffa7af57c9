import type { PdfPage, Rectangle } from '../../pdf/pages.ts';
import { AnThuError } from '../../shared/errors.ts';

/** Place and size of the agency's block on a digitized arrival (domain/vietnam.md §1.3, OUR). Points of 1/72 inch. */
export const arrivalBlock = {
  fontSize: 10,
  lineHeight: 12,
  maxWidth: 170,
  fromRightMm: 10,
  fromTopMm: 6,
} as const;

const POINTS_PER_MM = 72 / 25.4;

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

/** Size of a page as displayed, in points. */
function displayedSize({ visibleBox, rotate, userUnit }: PdfPage): { width: number; height: number } {
  const width = (visibleBox.right - visibleBox.left) * userUnit;
  const height = (visibleBox.top - visibleBox.bottom) * userUnit;
  return rotate % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Width that text may take on this page. Throws `signing.page-too-small` when hardly any is left. */
export function blockWidthOn(page: PdfPage): number {
  const room = displayedSize(page).width - 2 * arrivalBlock.fromRightMm * POINTS_PER_MM;
  if (room < 60) throw new AnThuError('signing.page-too-small');
  return Math.min(arrivalBlock.maxWidth, room);
}

/** Where the block goes in user space, and the matrix that turns its content upright for the reader. */
export interface PlacedBlock {
  readonly rect: Rectangle;
  readonly matrix: readonly [number, number, number, number, number, number];
}

/** Puts a block of `width` × `height` points at the displayed page's top right. Throws `signing.page-too-small`. */
export function placeTopRight(page: PdfPage, width: number, height: number): PlacedBlock {
  const shown = displayedSize(page);
  const x = shown.width - arrivalBlock.fromRightMm * POINTS_PER_MM - width;
  const y = shown.height - arrivalBlock.fromTopMm * POINTS_PER_MM - height;
  if (x < 0 || y < 0) throw new AnThuError('signing.page-too-small');
  return { rect: toUserSpace(page, x, y, width, height), matrix: TURN[page.rotate] };
}

/** Undoes the page's clockwise turn; a viewer fits the turned box into the rectangle by itself. */
const TURN: Record<PdfPage['rotate'], PlacedBlock['matrix']> = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
};

/** A rectangle given from the displayed page's bottom left, in points, as a user space rectangle. */
function toUserSpace(page: PdfPage, x: number, y: number, width: number, height: number): Rectangle {
  const { visibleBox: box, userUnit } = page;
  const [left, bottom, right, top] = [x, y, x + width, y + height].map((value) => value / userUnit) as [
    number,
    number,
    number,
    number,
  ];
  switch (page.rotate) {
    case 90:
      return {
        left: box.right - top,
        right: box.right - bottom,
        bottom: box.bottom + left,
        top: box.bottom + right,
      };
    case 180:
      return {
        left: box.right - right,
        right: box.right - left,
        bottom: box.top - top,
        top: box.top - bottom,
      };
    case 270:
      return {
        left: box.left + bottom,
        right: box.left + top,
        bottom: box.top - right,
        top: box.top - left,
      };
    default:
      return {
        left: box.left + left,
        right: box.left + right,
        bottom: box.bottom + bottom,
        top: box.bottom + top,
      };
  }
}
