import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { benchmarks } from '../../scripts/bench/benchmarks.ts';
import type { BenchResult } from '../../scripts/bench/result.ts';
import { median, percentile } from '../../scripts/bench/statistics.ts';
import { writeSections } from '../../scripts/bench/tables.ts';

const tiny = (name: keyof typeof benchmarks) => benchmarks[name]({ size: 'tiny', note: () => undefined });

/** Figures at the beginning of a cell. */
const figures = (result: BenchResult) =>
  result.rows
    .flatMap(({ cells }) => cells)
    .filter((cell) => cell !== '–')
    .map((cell) => Number.parseFloat(cell));

const least: Readonly<Record<keyof typeof benchmarks, { rows: number; bars: number }>> = {
  letter: { rows: 2, bars: 1 },
  ocr: { rows: 1, bars: 1 },
  register: { rows: 9, bars: 3 },
  idle: { rows: 4, bars: 1 },
  loop: { rows: 1, bars: 1 },
  sign: { rows: 3, bars: 0 },
  'sign-batch': { rows: 6, bars: 5 },
  'sign-large': { rows: 4, bars: 3 },
  verify: { rows: 4, bars: 4 },
  token: { rows: 5, bars: 3 },
  'plug-in': { rows: 2, bars: 1 },
};

test.each(Object.keys(benchmarks) as (keyof typeof benchmarks)[])(
  'the benchmark %s runs and gives figures',
  { timeout: 120_000 },
  async (name) => {
    const result = await tiny(name);
    expect(result.name).toBe(name);
    expect(result.rows.length).toBeGreaterThanOrEqual(least[name].rows);
    expect(result.bars).toHaveLength(least[name].bars);
    for (const row of result.rows) expect(row.cells).toHaveLength(result.columns.length);
    for (const value of figures(result)) {
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(0);
    }
    // The system counts processor time in hundredths of a second: a short run of an idle process may have used none.
    const timed = result.bars.filter(({ unit }) => unit !== '%');
    for (const bar of timed) expect(bar.value).toBeGreaterThan(0);
  },
);

test('median and percentile are those of the definition', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10);
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
});

test('writing a section replaces its own and leaves the rest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-text-'));
  try {
    const path = join(folder, 'benchmarks.md');
    await writeFile(path, '# Head\n');
    await writeSections(
      path,
      new Map([
        ['one', 'first\n'],
        ['two', 'second\n'],
      ]),
    );
    await writeSections(path, new Map([['one', 'changed\n']]));
    const text = await readFile(path, 'utf8');
    expect(text).toContain('# Head');
    expect(text).toContain('changed');
    expect(text).toContain('second');
    expect(text).not.toContain('first');
    expect(text.match(/bench:one -->/g)).toHaveLength(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
