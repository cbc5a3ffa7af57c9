import { describe, expect, test } from 'vitest';
import type { PdfPage } from '../../pdf/pages.ts';
import { PdfDict, PdfRef } from '../../pdf/objects.ts';
import { toUserSpace, uprightMatrix } from '../placement/page-geometry.ts';
import { blockWidthOn, placeTopRight, wrapText } from './block-layout.ts';

const measure = (text: string): number => text.length * 5;
const mm = (value: number): number => (value * 72) / 25.4;

function page(changes: Partial<PdfPage> = {}): PdfPage {
  return {
    ref: new PdfRef(3),
    dict: new PdfDict(),
    visibleBox: { left: 0, bottom: 0, right: 600, top: 800 },
    rotate: 0,
    userUnit: 1,
    ...changes,
  };
}

describe('wrapping the agency name', () => {
  test('breaks at spaces', () => {
    expect(wrapText('Ủy ban nhân dân xã Thử', 60, measure)).toEqual(['Ủy ban nhân', 'dân xã Thử']);
  });
  test('breaks a word that is longer than a line', () => {
    expect(wrapText('abcdefghijkl mn', 25, measure)).toEqual(['abcde', 'fghij', 'kl mn']);
  });
});

describe('the block stands 10 mm from the right and 6 mm from the top of the page as displayed', () => {
  const near = (rect: object): unknown =>
    Object.fromEntries(Object.entries(rect).map(([side, value]) => [side, expect.closeTo(Number(value), 6)]));

  const rect = (on: PdfPage): object => toUserSpace(on, placeTopRight(on, 170, 30));

  test('on an upright page', () => {
    expect(rect(page())).toEqual(
      near({ left: 430 - mm(10), right: 600 - mm(10), bottom: 770 - mm(6), top: 800 - mm(6) }),
    );
  });
  test('on a page turned by 90°, whose displayed top is its left side', () => {
    const turned = page({ rotate: 90 });
    expect(rect(turned)).toEqual(
      near({ left: mm(6), right: mm(6) + 30, bottom: 630 - mm(10), top: 800 - mm(10) }),
    );
    expect(uprightMatrix(turned)).toEqual([0, 1, -1, 0, 0, 0]);
  });
  test('on a page turned by 180°', () => {
    expect(rect(page({ rotate: 180 }))).toEqual(
      near({ left: mm(10), right: mm(10) + 170, bottom: mm(6), top: mm(6) + 30 }),
    );
  });
  test('on a page turned by 270°', () => {
    expect(rect(page({ rotate: 270 }))).toEqual(
      near({ left: 570 - mm(6), right: 600 - mm(6), bottom: mm(10), top: mm(10) + 170 }),
    );
  });
  test('inside a crop box and with a user unit', () => {
    const cropped = page({ visibleBox: { left: 100, bottom: 50, right: 400, top: 450 }, userUnit: 2 });
    expect(rect(cropped)).toEqual(
      near({
        right: 400 - mm(10) / 2,
        left: 400 - mm(10) / 2 - 85,
        top: 450 - mm(6) / 2,
        bottom: 450 - mm(6) / 2 - 15,
      }),
    );
  });
});

test('a narrow page narrows the block, a tiny one is refused', () => {
  const narrow = page({ visibleBox: { left: 0, bottom: 0, right: 150, top: 300 } });
  expect(blockWidthOn(page())).toBe(170);
  expect(blockWidthOn(narrow)).toBeCloseTo(150 - mm(20), 6);
  const tiny = page({ visibleBox: { left: 0, bottom: 0, right: 90, top: 90 } });
  expect(() => blockWidthOn(tiny)).toThrow(expect.objectContaining({ code: 'signing.page-too-small' }));
});
