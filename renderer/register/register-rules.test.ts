import { describe, expect, test } from 'vitest';
import { sampleArrival } from '../testing/sample-documents.ts';
import { arrivalWords } from './arrival-words.ts';
import { rowAfterKey } from './grid-keys.ts';
import { windowsOf } from './use-register-lines.ts';

describe('keys in the register', () => {
  test('move by a row, a page, to both ends, and stop there', () => {
    const after = (key: string, row: number) => rowAfterKey(key, row, 100_000, 15);
    expect(after('ArrowDown', 0)).toBe(1);
    expect(after('ArrowUp', 0)).toBe(0);
    expect(after('PageDown', 10)).toBe(25);
    expect(after('PageUp', 10)).toBe(0);
    expect(after('End', 0)).toBe(99_999);
    expect(after('Home', 500)).toBe(0);
    expect(after('a', 5)).toBeNull();
    expect(rowAfterKey('End', 0, 0, 15)).toBeNull();
  });
});

test('only the windows of rows around the visible ones are asked for', () => {
  expect(windowsOf(0, 40)).toEqual([0]);
  expect(windowsOf(95, 130)).toEqual([0, 100]);
  expect(windowsOf(99_950, 99_999)).toEqual([99_900]);
});

test('a row says where its document stands', () => {
  const word = (change: Parameters<typeof sampleArrival>[1]) => arrivalWords(sampleArrival(1, change)).title;
  expect(word({ voidedAt: '2026-11-20T08:12:00+07:00' })).toBe('arrival.voided');
  expect(word({ documentState: 'signing', delivery: 'none' })).toBe('arrival.signing');
  expect(word({ documentState: 'sealed', delivery: 'pending' })).toBe('arrival.pending');
  expect(word({ documentState: 'sealed', delivery: 'acked' })).toBe('arrival.acked');
  expect(word({ documentState: 'sealed', levelPending: true, delivery: 'acked' })).toBe(
    'arrival.level-pending',
  );
  expect(word({ documentState: 'sealed', levelPending: true, delivery: 'blocked' })).toBe('arrival.blocked');
});
