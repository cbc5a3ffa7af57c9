import { SPECK_MM2, type InkMap } from './ink-map.ts';
import { coveredShare, inflate, isInside, type MmBox } from './page-geometry.ts';

/** What a box must keep clear of. */
export interface Surroundings {
  /** Displayed size of the page in millimetres. */
  readonly size: { readonly width: number; readonly height: number };
  /** Boxes of other fields. */
  readonly fields: readonly MmBox[];
  /** Absent when the page was not rendered. */
  readonly ink?: InkMap;
}

/** Room kept around a look, millimetres. */
const MARGIN = 1.2;
/** Room kept to other fields when a spot is looked for, millimetres. */
const FIELD_MARGIN = 2;

/** Square millimetres of ink under a box with a little room around it; 0 for what is only dust. */
export function inkUnder(box: MmBox, { ink }: Surroundings, shape: 'box' | 'ellipse' = 'box'): number {
  if (!ink) return 0;
  const area = shape === 'ellipse' ? ink.inkInEllipse(box) : ink.inkIn(inflate(box, MARGIN));
  return area <= SPECK_MM2 ? 0 : area;
}

/** Whether a box, with `margin` millimetres around it, meets another field. */
export function meetsField(box: MmBox, { fields }: Surroundings, margin = 0): boolean {
  const grown = inflate(box, margin);
  return fields.some((field) => coveredShare(grown, field) > 0);
}

/** The first candidate that stands on the page, on no field and on no ink; undefined when there is none. */
export function firstFreeSpot(
  candidates: Iterable<MmBox>,
  surroundings: Surroundings,
  shape: 'box' | 'ellipse' = 'box',
): MmBox | undefined {
  for (const box of candidates) {
    if (!isInside(box, surroundings.size) || meetsField(box, surroundings, FIELD_MARGIN)) continue;
    if (inkUnder(box, surroundings, shape) === 0) return box;
  }
  return undefined;
}

/** Steps of looking for another spot, millimetres. */
const STEP = 2;
/** How far from the left edge a block may be pushed. */
const LEFT_MARGIN = 10;
/** The foot of the top margin, where the head begins on a page laid out by the decree. */
const LOWEST_TOP = 16;

/**
 * Places for a text block in the top margin: where the decree draws it, then further left, then a little higher
 * or lower and left again (domain/vietnam.md §1.3, "Place of ô 14").
 */
export function* topMarginSpots(wanted: MmBox): Generator<MmBox> {
  const heights = [wanted.y];
  for (let y = wanted.y - 1; y >= 3; y--) heights.push(y);
  for (let y = wanted.y + 1; y <= LOWEST_TOP; y++) heights.push(y);
  for (const y of heights) {
    for (let x = wanted.x; x >= LEFT_MARGIN; x -= STEP) yield { ...wanted, x, y };
  }
}

/** Usual places of the arrival stamp: blank space under số/ký hiệu or under a công văn's trích yếu (§1.4). */
export function* stampSpots(wanted: MmBox, size: { width: number; height: number }): Generator<MmBox> {
  yield wanted;
  for (let y = 38; y + wanted.h < size.height * 0.5; y += STEP / 2) {
    for (let x = 6; x + wanted.w <= size.width * 0.5; x += STEP) yield { ...wanted, x, y };
  }
}

/** Every place of the page in steps: below the head from the top down, then in the head. */
export function* anywhere(wanted: MmBox, size: { width: number; height: number }): Generator<MmBox> {
  yield wanted;
  const rows: number[] = [];
  for (let y = 38; y + wanted.h < size.height - 8; y += STEP) rows.push(y);
  for (let y = 36; y >= 8; y -= STEP) rows.push(y);
  for (const y of rows) {
    for (let x = 6; x + wanted.w <= size.width - 6; x += STEP) yield { ...wanted, x, y };
  }
}

/** Places of a picture near where it belongs, nearest first, at most `reach` millimetres away. */
export function* nearbySpots(wanted: MmBox, reach: { x: number; y: number }): Generator<MmBox> {
  const spots: { dx: number; dy: number }[] = [];
  for (let dx = -reach.x; dx <= reach.x; dx++)
    for (let dy = -reach.y; dy <= reach.y; dy++) spots.push({ dx, dy });
  spots.sort((a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy));
  for (const { dx, dy } of spots) yield { ...wanted, x: wanted.x + dx, y: wanted.y + dy };
}
