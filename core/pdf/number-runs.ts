import { overLimit } from './damage.ts';

/** Consecutive object numbers that one part of a cross-reference section lists. */
export interface NumberRun {
  readonly first: number;
  readonly count: number;
}

/** Runs that speak of the same numbers are searched one by one, so only few are taken. */
const maximumOverlapping = 2000;

/**
 * A search for the run that holds a number; the first in the file's order where two do. Scattered updates have
 * thousands of runs, and every object of a file is looked up in all of them. Throws `pdf.limit` where many runs overlap.
 */
export function runFinder<T extends NumberRun>(runs: readonly T[]): (num: number) => T | undefined {
  const filled = runs.filter(({ count }) => count > 0);
  const sorted = filled.toSorted((a, b) => a.first - b.first);
  const areApart = sorted.every((run, index) => {
    const before = sorted[index - 1];
    return !before || run.first >= before.first + before.count;
  });
  if (!areApart) {
    if (filled.length > maximumOverlapping) throw overLimit('items', maximumOverlapping);
    return (num) => filled.find(({ first, count }) => num >= first && num < first + count);
  }
  return (num) => {
    let [low, high] = [0, sorted.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const run = sorted[middle];
      if (!run) return undefined;
      if (num < run.first) high = middle - 1;
      else if (num >= run.first + run.count) low = middle + 1;
      else return run;
    }
    return undefined;
  };
}
