import { expect, test } from 'vitest';
import { byteRange } from './byte-range.ts';

test('reads one range', () => {
  expect(byteRange('bytes=0-0', 10)).toEqual({ first: 0, last: 0 });
  expect(byteRange('bytes=2-', 10)).toEqual({ first: 2, last: 9 });
  expect(byteRange('bytes=2-99', 10)).toEqual({ first: 2, last: 9 });
  expect(byteRange('bytes=-4', 10)).toEqual({ first: 6, last: 9 });
  expect(byteRange('bytes=-99', 10)).toEqual({ first: 0, last: 9 });
});

test('sends the whole file where there is no usable range', () => {
  for (const header of [null, '', 'bytes=-', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=a-b']) {
    expect([header, byteRange(header, 10)]).toEqual([header, 'whole']);
  }
});

test('says when the range lies outside', () => {
  expect(byteRange('bytes=10-', 10)).toBe('unsatisfiable');
  expect(byteRange('bytes=5-2', 10)).toBe('unsatisfiable');
  expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
});
