import { expect, it } from 'vitest';
import { nextWorkingDay, periodOf } from './arrival-report.ts';

it.each([
  ['2026-03-02', '2026-03-03'],
  ['2026-03-06', '2026-03-09'],
  ['2026-03-07', '2026-03-09'],
  ['2026-12-31', '2027-01-01'],
])('the working day after %s is %s', (day, next) => {
  expect(nextWorkingDay(day)).toBe(next);
});

it('a quarter goes from its first to its last day', () => {
  expect([1, 2, 3, 4].map((quarter) => periodOf(2026, quarter))).toEqual([
    { from: '2026-01-01', to: '2026-03-31' },
    { from: '2026-04-01', to: '2026-06-30' },
    { from: '2026-07-01', to: '2026-09-30' },
    { from: '2026-10-01', to: '2026-12-31' },
  ]);
  expect(periodOf(2026)).toEqual({ from: '2026-01-01', to: '2026-12-31' });
});
