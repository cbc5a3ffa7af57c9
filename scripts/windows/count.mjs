import { vitestCounts } from '../lib/test-counts.mjs';

/**
 * Counts of a run as win32 from vitest's JSON report. A test may be skipped when the list (tests/windows/left-out.ts) names it,
 * and what the list names must have been met and skipped, unless only some files were run.
 *
 * An error that no test caught is a failure too, although every test may have passed: what it hit would have gone wrong unseen.
 *
 * @param {readonly { test: string }[]} leftOut
 * @param {{ wholeRun: boolean, unhandled: readonly import('./unhandled-errors.ts').UnhandledError[] }} run
 * @returns {{ passed: number, failed: number, complaints: string[], skipped: number }}
 */
export function windowsCounts(text, leftOut, { wholeRun, unhandled }) {
  const report = JSON.parse(text);
  const pending = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status))
    .map(({ ancestorTitles, title }) => [...ancestorTitles, title].join(' > '));
  const named = new Set(leftOut.map(({ test }) => test));
  const complaints = [
    ...unhandled.map(({ message, file, test }) => {
      const where = [file, test].filter(Boolean).join(' > ');
      return `not caught by any test: ${message} (${where === '' ? 'between the tests' : `while ${where} ran`})`;
    }),
    ...pending.filter((name) => !named.has(name)).map((name) => `skipped without a reason: ${name}`),
    ...(wholeRun ? [...named].filter((name) => !pending.includes(name)) : []).map(
      (name) => `on the list of what is left out, and not met: ${name}`,
    ),
  ];
  const counted = vitestCounts(text);
  const skipped = pending.length;
  return {
    passed: counted.passed,
    failed: counted.failed - skipped + complaints.length,
    complaints,
    skipped,
  };
}
