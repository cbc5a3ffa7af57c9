// How the tests run as win32: those of the repository but for a list of what cannot run there, and some of Windows' own.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { filesLeftOut, testsLeftOut } from '../../tests/windows/left-out.ts';
import { LongestFirst } from './longest-first.ts';
import { unhandledErrorsReporter } from './unhandled-errors.ts';

const results = process.env['AN_THU_RESULTS'] ?? '.';
const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const names = testsLeftOut.map(({ test }) => escaped(test));

export default defineConfig({
  root: project,
  test: {
    include: ['{core,native,electron,scripts,tests}/**/*.test.ts', 'tests/windows/*.win32.ts'],
    exclude: [
      '**/node_modules/**',
      'tests/e2e/**',
      ...filesLeftOut.flatMap(({ files }) => files.map((file) => file.replace(/\/\*\*$/, '/**/*.test.ts'))),
    ],
    testNamePattern: new RegExp(`^(?!(?:${names.join('|')})$)`),
    setupFiles: ['scripts/windows/wine-setup.ts'],
    reporters: [
      'default',
      ['json', { outputFile: join(results, 'windows.json') }],
      unhandledErrorsReporter(join(results, 'windows-errors.json')),
    ],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Starting a process takes seconds under Wine; Linux runs each file in one of its own.
    isolate: false,
    // The tools on the Linux side are reached through Wine's sockets, which fail once in thousands of calls. A defect fails twice.
    retry: 1,
    maxWorkers: 2,
    // A guard against hanging, not a measure: a program starts more slowly under Wine, and much more so beside other work.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
