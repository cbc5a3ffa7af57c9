import { describe, expect, it } from 'vitest';
import { readDate, readWallClock, writeDate } from './dates.ts';

describe('dates of edXML', () => {
  it.each([
    ['2026/11/20', '2026-11-20 00:00:00'],
    ['2026-11-20T16:00:00+07:00', '2026-11-20 16:00:00'],
    ['20/11/2026 16:05:06', '2026-11-20 16:05:06'],
    [' 2026/1/2 03:04 ', '2026-01-02 03:04:00'],
  ])('%s is %s', (text, expected) => {
    expect(readWallClock(text)).toBe(expected);
  });

  it.each(['', '2026/02/30', '31/04/2026', '2026/11/20 25:00:00', 'hôm nay', '20-2026-11'])(
    '%j is none',
    (text) => {
      expect(readDate(text)).toBeNull();
    },
  );

  it('are written with slashes', () => {
    expect(writeDate('2026-11-20 16:00:00')).toBe('2026/11/20 16:00:00');
  });
});
