import { describe, expect, it } from 'vitest';
import { parseDateLine } from './date-line.ts';

const today = '2026-11-21';

describe('the date of ô 4', () => {
  it('is read in words', () => {
    expect(parseDateLine('An Lạc, ngày 05 tháng 02 năm 2026', today)).toEqual({
      date: '2026-02-05',
      trust: 1,
    });
    expect(parseDateLine('An Lạc, ngày 5 tháng 10 năm 2026', today)).toEqual({
      date: '2026-10-05',
      trust: 1,
    });
  });

  it('asks when it lies in the future or more than a year back', () => {
    expect(parseDateLine('ngày 22 tháng 11 năm 2026', today)?.trust).toBeLessThan(0.45);
    expect(parseDateLine('ngày 01 tháng 3 năm 2024', today)?.trust).toBeLessThan(0.45);
  });

  it('is not proposed when no calendar has it, or the day was left blank', () => {
    expect(parseDateLine('ngày 31 tháng 02 năm 2026', today)).toBeUndefined();
    expect(parseDateLine('ngày tháng 11 năm 2026', today)).toBeUndefined();
  });

  it('distrusts letters among its figures', () => {
    expect(parseDateLine('ngày l9 tháng 11 năm 2O26', today)).toEqual({ date: '2026-11-19', trust: 0.5 });
  });
});
