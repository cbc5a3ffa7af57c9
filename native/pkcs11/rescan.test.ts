import { expect, test } from 'vitest';
import { Rescan } from './rescan.ts';

test('without a token a module is started again at every look', () => {
  const rescan = new Rescan();
  rescan.done(1000, 1000.1);
  expect(rescan.due('none', 1500)).toBe(true);
});

test('with a token it is left alone', () => {
  expect(new Rescan().due('some', 1_000_000)).toBe(false);
});

test('one that is slow is not kept busy with starting', () => {
  const rescan = new Rescan();
  rescan.done(1000, 3000);
  expect(rescan.due('none', 42_999)).toBe(false);
  expect(rescan.due('none', 43_000)).toBe(true);
});
