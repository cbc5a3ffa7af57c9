import { expect, it } from 'vitest';
import { runFinder } from './number-runs.ts';

it('finds the run that holds a number, wherever it stands', () => {
  const find = runFinder([
    { first: 10, count: 2 },
    { first: 0, count: 3 },
    { first: 5, count: 0 },
    { first: 20, count: 1 },
  ]);
  expect([0, 2, 10, 11, 20].map((num) => find(num)?.first)).toEqual([0, 0, 10, 10, 20]);
  expect([-1, 3, 5, 9, 12, 19, 21].map(find)).toEqual(Array.from({ length: 7 }, () => undefined));
  expect(runFinder([])(1)).toBeUndefined();
});

it('takes the first of two runs that hold a number, as they stand in the file', () => {
  const [early, late] = [
    { first: 4, count: 4, mark: 'early' },
    { first: 3, count: 3, mark: 'late' },
  ];
  const find = runFinder([early, late]);
  expect([3, 4, 5, 7].map((num) => find(num)?.mark)).toEqual(['late', 'early', 'early', 'early']);
});

it('finds among three runs what looking at one after the other finds, however they overlap', () => {
  const all = [0, 1, 2, 3].flatMap((first) => [0, 1, 2, 4].map((count) => ({ first, count })));
  for (const a of all)
    for (const b of all)
      for (const c of all) {
        const runs = [a, b, c];
        const find = runFinder(runs);
        const found = Array.from({ length: 8 }, (_, num) => find(num));
        const expected = Array.from({ length: 8 }, (_, num) =>
          runs.find(({ first, count }) => num >= first && num < first + count),
        );
        expect(found, JSON.stringify(runs)).toEqual(expected);
      }
});

it('searches many runs fast, and takes few that overlap', () => {
  const apart = Array.from({ length: 100_000 }, (_, index) => ({ first: index * 2, count: 1 }));
  const find = runFinder(apart);
  let found = 0;
  for (let num = 0; num < 200_000; num++) if (find(num)) found++;
  expect(found).toBe(100_000);
  const again = runFinder(Array.from({ length: 2000 }, (_, index) => ({ first: index % 40, count: 3 })));
  for (let num = 0; num < 2_000_000; num++) if (again(num)) found++;
  expect(found).toBe(100_042);
  const overlapping = Array.from({ length: 3000 }, () => ({ first: 1, count: 1 }));
  expect(() => runFinder(overlapping)).toThrowError(expect.objectContaining({ code: 'pdf.limit' }));
});
