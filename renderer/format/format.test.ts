import { describe, expect, test } from 'vitest';
import { parseTypedDate, showDate, showInstant, showShortInstant } from './date.ts';
import { showFileName } from './file-name.ts';
import { showNotation } from './notation.ts';
import { showBytes, showCount, showShare } from './number.ts';

describe('dates', () => {
  test('are written dd/MM/yyyy, instants in Vietnamese time whatever the zone of the machine', () => {
    expect(showDate('2026-11-05')).toBe('05/11/2026');
    expect(showInstant('2026-11-20T20:30:05Z')).toBe('21/11/2026 03:30');
    expect(showInstant('2026-11-20T20:30:05Z', 'seconds')).toBe('21/11/2026 03:30:05');
  });

  test('in lists are a time today and a date before', () => {
    const now = new Date('2026-11-21T02:00:00Z');
    expect(showShortInstant('2026-11-20T20:30:05Z', now)).toBe('03:30');
    expect(showShortInstant('2026-11-20T10:30:05Z', now)).toBe('20/11/2026');
  });

  test.each([
    ['5/3/2026', '2026-03-05'],
    ['05-03-2026', '2026-03-05'],
    ['5.3.26', '2026-03-05'],
    ['05032026', '2026-03-05'],
    ['31/02/2026', null],
    ['5/13/2026', null],
    ['ngày mai', null],
    ['', null],
  ])('typed as %s mean %s', (typed, date) => {
    expect(parseTypedDate(typed)).toBe(date);
  });
});

test('characters that deceive in a file name are made visible', () => {
  expect(showFileName('cong-van\u202Efdp.exe')).toBe('cong-van\u2423fdp.exe');
  expect(showFileName('số 12 – quyết định.pdf')).toBe('số 12 – quyết định.pdf');
});

test('numbers are written as in Vietnam', () => {
  expect(showCount(100_000)).toBe('100.000');
  expect(showShare(0.934)).toBe('93 %');
  expect(showBytes(1_500_000)).toBe('1,4 MB');
});

test('số, ký hiệu leaves out what is missing', () => {
  expect(showNotation('45', 'UBND-VP')).toBe('45/UBND-VP');
  expect(showNotation('', 'UBND-VP')).toBe('UBND-VP');
});
