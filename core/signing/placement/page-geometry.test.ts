import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PdfDict, PdfRef } from '../../pdf/objects.ts';
import { displayedSizeMm, type PdfPage } from '../../pdf/pages.ts';
import { contentMatrix, coveredShare, isInside, toDisplayed, toUserSpace } from './page-geometry.ts';

const turns = [0, 90, 180, 270] as const;

function page(changes: Partial<PdfPage> = {}): PdfPage {
  return {
    ref: new PdfRef(3),
    dict: new PdfDict(),
    visibleBox: { left: 30, bottom: 60, right: 530, top: 760 },
    rotate: 0,
    userUnit: 1,
    ...changes,
  };
}

const mm = (value: number): number => (value * 72) / 25.4;

describe('a box in millimetres from the top left of the page as displayed', () => {
  const box = { x: 10, y: 20, w: 30, h: 5 };

  test.each([
    { rotate: 0, left: 30 + mm(10), bottom: 760 - mm(25), right: 30 + mm(40), top: 760 - mm(20) },
    { rotate: 90, left: 30 + mm(20), bottom: 60 + mm(10), right: 30 + mm(25), top: 60 + mm(40) },
    { rotate: 180, left: 530 - mm(40), bottom: 60 + mm(20), right: 530 - mm(10), top: 60 + mm(25) },
    { rotate: 270, left: 530 - mm(25), bottom: 760 - mm(40), right: 530 - mm(20), top: 760 - mm(10) },
  ] as const)('stands in user space of a page turned by $rotate°', ({ rotate, ...sides }) => {
    const rect = toUserSpace(page({ rotate }), box);
    for (const [side, value] of Object.entries(sides))
      expect(rect).toHaveProperty(side, expect.closeTo(value, 9));
  });

  test('is half as many units when a unit is twice as large', () => {
    const rect = toUserSpace(page({ userUnit: 2 }), box);
    expect(rect.right - rect.left).toBeCloseTo(mm(30) / 2, 9);
    expect(rect.left).toBeCloseTo(30 + mm(10) / 2, 9);
  });

  test('comes back from user space whatever the turn, crop and unit', () => {
    const length = fc.double({ min: 1, max: 200, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...turns),
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        fc.record({ x: length, y: length, w: length, h: length }),
        (rotate, userUnit, wanted) => {
          const on = page({ rotate, userUnit });
          const back = toDisplayed(on, toUserSpace(on, wanted));
          for (const side of ['x', 'y', 'w', 'h'] as const) expect(back[side]).toBeCloseTo(wanted[side], 6);
        },
      ),
    );
  });
});

test.each(turns)(
  'content drawn on a page turned by %i° has its bottom left at the box as displayed',
  (rotate) => {
    const on = page({ rotate, userUnit: 2 });
    const box = { x: 10, y: 20, w: 30, h: 5 };
    const [a, b, c, d, e, f] = contentMatrix(on, box);
    const at = (x: number, y: number): { x: number; y: number } => {
      const [ux, uy] = [a * x + c * y + e, b * x + d * y + f];
      const point = toDisplayed(on, { left: ux, right: ux, bottom: uy, top: uy });
      return { x: point.x, y: point.y };
    };
    const near = (point: { x: number; y: number }): unknown => ({
      x: expect.closeTo(point.x, 6),
      y: expect.closeTo(point.y, 6),
    });
    expect(at(0, 0)).toEqual(near({ x: 10, y: 25 }));
    expect(at(mm(30), 0)).toEqual(near({ x: 40, y: 25 }));
    expect(at(0, mm(5))).toEqual(near({ x: 10, y: 20 }));
  },
);

test('boxes know what they cover and where the page ends', () => {
  const box = { x: 0, y: 0, w: 10, h: 10 };
  expect(coveredShare(box, { x: 5, y: 0, w: 10, h: 10 })).toBeCloseTo(0.5, 9);
  expect(coveredShare(box, { x: 10, y: 0, w: 10, h: 10 })).toBe(0);
  const size = displayedSizeMm(page({ rotate: 90 }));
  expect(isInside({ x: size.width - 10, y: 0, w: 10, h: 10 }, size)).toBe(true);
  expect(isInside({ x: size.width - 9, y: 0, w: 10, h: 10 }, size)).toBe(false);
});
