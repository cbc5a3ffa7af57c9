import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const repository = dirname(fileURLToPath(import.meta.url));
const output = join(repository, 'build', 'renderer');

/** Puts pdf.js's fonts, character maps and decoders beside the page: nothing is fetched from elsewhere. */
function localPdfParts(): Plugin {
  const parts = ['standard_fonts', 'cmaps', 'wasm', 'iccs'];
  return {
    name: 'an-thu-local-pdf-parts',
    apply: 'build',
    closeBundle() {
      for (const part of parts) {
        cpSync(join(repository, 'node_modules', 'pdfjs-dist', part), join(output, 'pdfjs', part), {
          recursive: true,
        });
      }
    },
  };
}

/** Guards against hanging, not measures: a loaded or halted machine takes its time, and what must be quick is measured by its test. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };

/** Tests start hundreds of programs from their source: what Node makes of it is kept from one start to the next. */
const env = { NODE_COMPILE_CACHE: join(repository, 'out', 'compile-cache') };

export default defineConfig({
  // Under vitest the whole repository is the root; the page's build has renderer/ as root.
  root: process.env['VITEST'] ? repository : join(repository, 'renderer'),
  base: './',
  plugins: [react(), localPdfParts()],
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'chrome138',
    // Fonts stay files of their own, so that the content security policy needs no `data:` fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: 'es' },
  test: {
    pool: 'forks',
    // One more than there are processors: half of the tests wait for a token, a disk or another process.
    maxWorkers: 3,
    ...patience,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{core,native,electron,scripts,tests}/**/*.test.ts'],
          exclude: ['tests/e2e/**', '**/node_modules/**'],
          pool: 'forks',
          env,
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['renderer/**/*.test.{ts,tsx}'],
          setupFiles: ['renderer/testing/setup.ts'],
          pool: 'forks',
          ...patience,
        },
      },
    ],
  },
});
