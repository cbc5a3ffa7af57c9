import { z } from 'zod';
import type { PdfPage, Rectangle } from '../../pdf/pages.ts';

/** Points in a millimetre. */
export const POINTS_PER_MM = 72 / 25.4;

/** A box on the page as displayed: millimetres from its top left, after /Rotate, /CropBox and /UserUnit. */
export const mmBoxSchema = z.object({
  x: z.number(),
  y: z.number(),
  w: z.number().positive(),
  h: z.number().positive(),
});
export type MmBox = z.infer<typeof mmBoxSchema>;

type Matrix = readonly [number, number, number, number, number, number];

/** Undoes the page's clockwise turn; a viewer fits the turned box into the rectangle by itself. */
const TURN: Record<PdfPage['rotate'], Matrix> = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
};

/** The matrix of a form XObject whose content stands upright for the reader of this page. */
export function uprightMatrix(page: PdfPage): Matrix {
  return TURN[page.rotate];
}

/** User space units in a displayed millimetre. */
export function unitsPerMm(page: PdfPage): number {
  return POINTS_PER_MM / page.userUnit;
}

/** A displayed box as a rectangle in user space. */
export function toUserSpace(page: PdfPage, { x, y, w, h }: MmBox): Rectangle {
  const { visibleBox: box } = page;
  const unit = unitsPerMm(page);
  const [left, right, top, bottom] = [x * unit, (x + w) * unit, y * unit, (y + h) * unit];
  switch (page.rotate) {
    case 90:
      return rectangle(box.left + top, box.bottom + left, box.left + bottom, box.bottom + right);
    case 180:
      return rectangle(box.right - right, box.bottom + top, box.right - left, box.bottom + bottom);
    case 270:
      return rectangle(box.right - bottom, box.top - right, box.right - top, box.top - left);
    default:
      return rectangle(box.left + left, box.top - bottom, box.left + right, box.top - top);
  }
}

/** A rectangle in user space as the reader sees it. */
export function toDisplayed(page: PdfPage, { left, bottom, right, top }: Rectangle): MmBox {
  const { visibleBox: box } = page;
  const unit = unitsPerMm(page);
  const shown = (x: number, y: number, w: number, h: number): MmBox => ({
    x: x / unit,
    y: y / unit,
    w: w / unit,
    h: h / unit,
  });
  const [across, up] = [right - left, top - bottom];
  switch (page.rotate) {
    case 90:
      return shown(bottom - box.bottom, left - box.left, up, across);
    case 180:
      return shown(box.right - right, bottom - box.bottom, across, up);
    case 270:
      return shown(box.top - top, box.right - right, up, across);
    default:
      return shown(left - box.left, box.top - top, across, up);
  }
}

/**
 * The matrix that takes content of `box` (points from its bottom left, upright for the reader) into the page's
 * user space: for drawing on the page itself.
 */
export function contentMatrix(page: PdfPage, box: MmBox): Matrix {
  const { left, bottom, right, top } = toUserSpace(page, box);
  const [a, b, c, d] = TURN[page.rotate].map((value) => value / page.userUnit) as [
    number,
    number,
    number,
    number,
  ];
  const x = page.rotate === 90 || page.rotate === 180 ? right : left;
  const y = page.rotate === 180 || page.rotate === 270 ? top : bottom;
  return [a, b, c, d, x, y];
}

/** Share of `box` that `other` covers. */
export function coveredShare(box: MmBox, other: MmBox): number {
  const across = Math.min(box.x + box.w, other.x + other.w) - Math.max(box.x, other.x);
  const down = Math.min(box.y + box.h, other.y + other.h) - Math.max(box.y, other.y);
  return across > 0 && down > 0 ? (across * down) / (box.w * box.h) : 0;
}

/** A box grown by `margin` on every side. */
export function inflate({ x, y, w, h }: MmBox, margin: number): MmBox {
  return { x: x - margin, y: y - margin, w: w + 2 * margin, h: h + 2 * margin };
}

/** Whether a box stands inside a page of this displayed size. */
export function isInside({ x, y, w, h }: MmBox, size: { width: number; height: number }): boolean {
  const slack = 0.01;
  return x >= -slack && y >= -slack && x + w <= size.width + slack && y + h <= size.height + slack;
}

function rectangle(left: number, bottom: number, right: number, top: number): Rectangle {
  return { left, bottom, right, top };
}
