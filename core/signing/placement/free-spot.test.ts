import { describe, expect, test } from 'vitest';
import { firstFreeSpot, inkUnder, topMarginSpots } from './free-spot.ts';
import { inkMapOf, type GrayPicture } from './ink-map.ts';
import type { MmBox } from './page-geometry.ts';

const size = { width: 210, height: 297 };

/** A page at two pixels a millimetre, paper of some grey, with black boxes. */
function pageWith(boxes: readonly MmBox[], paper = 250): GrayPicture {
  const [width, height] = [420, 594];
  const data = new Uint8Array(width * height).fill(paper);
  for (const { x, y, w, h } of boxes)
    for (let row = y * 2; row < (y + h) * 2; row++)
      data.fill(paper / 8, row * width + x * 2, row * width + (x + w) * 2);
  return { width, height, data };
}

const block: MmBox = { x: 150, y: 6, w: 50, h: 9 };
const spotOn = (boxes: readonly MmBox[], fields: readonly MmBox[] = []): MmBox | undefined =>
  firstFreeSpot(topMarginSpots(block), { size, fields, ink: inkMapOf(pageWith(boxes), size) });

describe('a block in the top margin', () => {
  test('stays at its prescribed place on blank paper, white or grey', () => {
    expect(spotOn([])).toEqual(block);
    const grey = inkMapOf(pageWith([], 150), size);
    expect(firstFreeSpot(topMarginSpots(block), { size, fields: [], ink: grey })).toEqual(block);
  });

  test('does not mind dust', () => {
    expect(spotOn([{ x: 160, y: 8, w: 0.5, h: 0.5 }])).toEqual(block);
  });

  test('moves left of print, and no further than it must', () => {
    const found = spotOn([{ x: 190, y: 5, w: 15, h: 4 }]);
    expect(found?.y).toBe(6);
    expect(found?.x).toBeLessThan(140);
    expect(found?.x).toBeGreaterThan(135);
  });

  test('moves out of the way of another field', () => {
    expect(spotOn([], [block])?.x).toBe(98);
  });

  test('moves down when the whole row is printed on', () => {
    expect(spotOn([{ x: 5, y: 2, w: 200, h: 8 }])?.y).toBeGreaterThan(10);
  });

  test('finds nothing in a margin full of print', () => {
    expect(spotOn([{ x: 5, y: 0, w: 200, h: 30 }])).toBeUndefined();
  });
});

test('ink is measured in square millimetres, in a box or in the circle of a seal', () => {
  const ink = inkMapOf(pageWith([{ x: 100, y: 100, w: 10, h: 10 }]), size);
  const around = { size, fields: [], ink };
  expect(inkUnder({ x: 90, y: 90, w: 40, h: 40 }, around)).toBeCloseTo(100, 0);
  expect(inkUnder({ x: 109, y: 109, w: 40, h: 40 }, around)).toBeGreaterThan(0);
  expect(inkUnder({ x: 109, y: 109, w: 40, h: 40 }, around, 'ellipse')).toBe(0);
  const spared = inkMapOf(pageWith([{ x: 100, y: 100, w: 10, h: 10 }]), size, [
    { x: 95, y: 95, w: 20, h: 20 },
  ]);
  expect(inkUnder({ x: 90, y: 90, w: 40, h: 40 }, { ...around, ink: spared })).toBe(0);
});
