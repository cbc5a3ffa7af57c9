import { expect, test } from 'vitest';
import { windowsCounts } from '../../scripts/windows/count.mjs';

const one = (title: string, status: string) => ({ ancestorTitles: ['a group'], title, status });
const report = (...tests: object[]): string =>
  JSON.stringify({
    numPassedTests: tests.filter((each) => 'status' in each && each.status === 'passed').length,
    numFailedTests: tests.filter((each) => 'status' in each && each.status === 'failed').length,
    numPendingTests: tests.filter((each) => 'status' in each && each.status === 'pending').length,
    numTodoTests: 0,
    testResults: [{ status: 'passed', assertionResults: tests }],
  });
const list = [{ test: 'a group > links' }];
const whole = { wholeRun: true, unhandled: [] };

test('what the list names may be skipped', () => {
  const counts = windowsCounts(report(one('works', 'passed'), one('links', 'pending')), list, whole);
  expect(counts).toMatchObject({ passed: 1, failed: 0, skipped: 1, complaints: [] });
});

test('anything else that is skipped is a failure', () => {
  const counts = windowsCounts(report(one('works', 'pending'), one('links', 'pending')), list, whole);
  expect(counts).toMatchObject({ passed: 0, failed: 1 });
});

test('an entry of the list that no longer names a test is a failure of the whole run', () => {
  expect(windowsCounts(report(one('works', 'passed')), list, whole)).toMatchObject({ passed: 1, failed: 1 });
  expect(
    windowsCounts(report(one('works', 'passed')), list, { wholeRun: false, unhandled: [] }),
  ).toMatchObject({
    failed: 0,
  });
});

test('a failed test stays one', () => {
  const counts = windowsCounts(report(one('works', 'failed'), one('links', 'pending')), list, whole);
  expect(counts).toMatchObject({ passed: 0, failed: 1 });
});

test('an error that no test caught is a failure and is named', () => {
  const unhandled = [
    { message: 'Error [ECONNRESET]: read', stack: '', file: 'a.test.ts', test: 'works' },
    { message: 'Worker exited', stack: '', file: '', test: '' },
  ];
  const counts = windowsCounts(report(one('works', 'passed'), one('links', 'pending')), list, {
    wholeRun: true,
    unhandled,
  });
  expect(counts).toMatchObject({
    passed: 1,
    failed: 2,
    complaints: [
      'not caught by any test: Error [ECONNRESET]: read (while a.test.ts > works ran)',
      'not caught by any test: Worker exited (between the tests)',
    ],
  });
});
