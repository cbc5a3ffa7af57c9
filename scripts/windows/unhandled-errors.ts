// Writes what no test caught during a run (an error event after a test's end, a worker that died) into a file, since vitest's
// JSON report does not name it.
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError } from 'vitest/node';

/** One such error, as far as the worker could tell it. */
export interface UnhandledError {
  readonly message: string;
  /** Where it was thrown and why, line by line. */
  readonly stack: string;
  /** The file whose tests ran in that process then; its cause may lie in an earlier one, which shared the process. */
  readonly file: string;
  /** The test that ran then. */
  readonly test: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** @returns the error and its causes, each with its code */
function words(error: SerializedError): string {
  const code = text(error['code']);
  const own = `${error.name ?? 'Error'}${code === '' ? '' : ` [${code}]`}: ${error.message}`;
  return error.cause === undefined ? own : `${own}, because of ${words(error.cause)}`;
}

const stackOf = (error: SerializedError): string =>
  [error.stack ?? '', error.cause === undefined ? '' : stackOf(error.cause)].filter(Boolean).join('\n');

/** A reporter for vitest that writes `UnhandledError[]` as JSON into `file` when the run ends. */
export function unhandledErrorsReporter(file: string): Reporter {
  return {
    onTestRunEnd(_modules, errors) {
      const found = errors.map((error): UnhandledError => {
        const type = text(error['type']);
        return {
          message: `${type === '' ? 'Unhandled error' : type}: ${words(error)}`,
          stack: stackOf(error),
          file: text(error['VITEST_TEST_PATH']),
          test: text(error['VITEST_TEST_NAME']),
        };
      });
      writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
    },
  };
}
