import { defineConfig } from '@playwright/test';

/** The window over the real engine. `node_modules/.bin/playwright test -c tests/e2e` after `npm ci`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  globalSetup: './build-first.ts',
  outputDir: '../../out/e2e',
  // Each file has an office and a browser of its own; half of the time a test waits for one of them.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
});
