import { expect, test } from 'vitest';
import { PdfDict } from '../pdf/objects.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { collidingFields, type SignedRange } from './byte-range.ts';

const range = (gapStart: number, end: number): SignedRange => ({
  gapStart,
  gapEnd: gapStart + 1,
  end,
  brackets: 'in-gap',
});

function colliding(ranges: readonly SignedRange[]): number[] {
  const fields = ranges.map((_, index): SignatureField => ({
    fieldName: String(index),
    fieldObjectNumber: index,
    field: new PdfDict(),
    signature: undefined,
  }));
  const found = collidingFields(new Map(fields.map((field, index) => [field, ranges[index] ?? range(0, 0)])));
  return fields.flatMap((field, index) => (found.has(field) ? [index] : []));
}

test('signatures one behind the other do not collide', () => {
  expect(colliding([range(30, 40), range(10, 20), range(20, 30)])).toEqual([]);
});

test('of three, exactly those collide that do with another one when two are looked at', () => {
  const all = [1, 2, 3, 4].flatMap((gap) => [2, 3, 4].map((tail) => range(gap, gap + tail)));
  for (const a of all)
    for (const b of all)
      for (const c of all) {
        const three = [a, b, c];
        const collides = (one: SignedRange): boolean =>
          three.some((other) => other !== one && colliding([one, other]).length > 0);
        if (new Set(three).size === 3)
          expect(colliding(three), JSON.stringify(three)).toEqual(
            three.flatMap((one, index) => (collides(one) ? [index] : [])),
          );
      }
});

test('two that end alike collide, and two of which one begins its gap in the other', () => {
  expect(colliding([range(10, 20), range(15, 20)])).toEqual([0, 1]);
  expect(colliding([range(10, 20), range(19, 40)])).toEqual([0, 1]);
});
