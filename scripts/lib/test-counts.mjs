// Reads what test runners report, and sums it up.

/**
 * Vitest's JSON report. A file that does not load has no tests and counts as one failure; a skipped test counts as
 * a failure too, since nothing here may be skipped.
 */
export function vitestCounts(text) {
  const report = JSON.parse(text);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken + skipped };
}

/** Playwright's JSON report. Skipped tests (those after a failed one of a series among them) count as failures. */
export function playwrightCounts(text) {
  const { stats, errors } = JSON.parse(text);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + (errors?.length ?? 0),
  };
}

/** Prints the table of steps and the closing line; returns the exit status. */
export function printSummary(outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length), 4);
  process.stdout.write(`\n${'step'.padEnd(width)}  passed  failed  seconds\n`);
  for (const { name, passed, failed, ms } of outcomes) {
    const cells = [
      String(passed).padStart(6),
      String(failed).padStart(6),
      (ms / 1000).toFixed(1).padStart(7),
    ];
    process.stdout.write(`${name.padEnd(width)}  ${cells.join('  ')}${failed > 0 ? '  ✗' : ''}\n`);
  }
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') > 0 ? 1 : 0;
}
