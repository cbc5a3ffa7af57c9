import { expect, test } from 'vitest';
import { Rescan } from './rescan.ts';

test('without a token a module is started again at every look', () => {
  const rescan = new Rescan();
  rescan.done(1000, 1000.1);
  expect(rescan.due('no-token', 1500)).toBe(true);
});

test('with a token it is left alone, unless it is software: then it is started now and then', () => {
  const rescan = new Rescan();
  rescan.done(1000, 1000.1);
  expect(rescan.due('tokens', 1_000_000)).toBe(false);
  expect(rescan.due('software-tokens', 3000)).toBe(false);
  expect(rescan.due('software-tokens', 3001)).toBe(true);
});

test('one that is slow is not kept busy with starting', () => {
  const rescan = new Rescan();
  rescan.done(1000, 3000);
  expect(rescan.due('no-token', 42_999)).toBe(false);
  expect(rescan.due('software-tokens', 42_999)).toBe(false);
  expect(rescan.due('no-token', 43_000)).toBe(true);
});
