import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'an-thu-layers-'));

/** File that imports, what it imports. Every direction that the house forbids (.oxlintrc.json). */
const forbidden: (readonly [string, string])[] = [
  ['core/register/x.ts', 'electron'],
  ['core/register/x.ts', 'react'],
  ['core/register/x.ts', '@mantine/core'],
  ['core/register/x.ts', 'pkcs11js'],
  ['core/register/x.ts', 'better-sqlite3'],
  ['core/register/x.ts', 'clamscan'],
  ['core/reading/x.ts', 'tesseract.js'],
  ['core/reading/x.ts', '@hyzyla/pdfium'],
  ['core/signing/x.ts', '../../native/token-host/client.ts'],
  ['core/signing/x.ts', '../../renderer/main.tsx'],
  ['core/signing/x.ts', '../../electron/main.ts'],
  ['core/signing/x.ts', '../../scripts/demo/main.ts'],
  ['core/store/x.ts', '../../native/ocr/client.ts'],
  ['core/store/x.ts', 'pkcs11js'],
  ['core/store/x.ts', 'electron'],
  ['core/engine/x.ts', 'electron'],
  ['core/engine/x.ts', '../../renderer/main.tsx'],
  ['core/engine/services/x.ts', 'react'],
  ['core/contract/x.ts', 'node:fs'],
  ['core/contract/x.ts', '../store/database.ts'],
  ['core/contract/x.ts', '../shared/errors.ts'],
  ['native/ocr/x.ts', 'electron'],
  ['native/ocr/x.ts', 'better-sqlite3'],
  ['native/ocr/x.ts', '../../core/register/arrival-register.ts'],
  ['native/ocr/x.ts', '../../core/sync/outbox.ts'],
  ['native/ocr/x.ts', '../../core/store/database.ts'],
  ['native/ocr/x.ts', '../../core/engine/engine.ts'],
  ['native/ocr/x.ts', '../../core/intake/to-pdf.ts'],
  ['native/ocr/x.ts', '../../renderer/main.tsx'],
  ['electron/x.ts', 'react'],
  ['electron/x.ts', 'pkcs11js'],
  ['electron/x.ts', '../native/ocr/client.ts'],
  ['electron/x.ts', '../renderer/main.tsx'],
  ['electron/x.ts', '../core/engine/engine.ts'],
  ['electron/x.ts', '../core/store/database.ts'],
  ['renderer/x.tsx', 'node:fs'],
  ['renderer/x.tsx', 'electron'],
  ['renderer/x.tsx', '../core/shared/errors.ts'],
  ['renderer/x.tsx', '../core/engine/engine.ts'],
  ['renderer/x.tsx', '../native/ocr/client.ts'],
];

const rooms = readdirSync(join(repository, 'core'));
for (const room of rooms) {
  if (!['contract', 'shared', 'ports'].includes(room))
    forbidden.push(['electron/x.ts', `../core/${room}/thing.ts`]);
  if (room !== 'contract') forbidden.push(['renderer/x.tsx', `../core/${room}/thing.ts`]);
}

/** Directions that the house is built on. */
const allowed: readonly (readonly [string, string])[] = [
  ['core/register/y.ts', '../store/database.ts'],
  ['core/register/y.ts', '../contract/register.ts'],
  ['core/store/y.ts', 'better-sqlite3'],
  ['core/engine/y.ts', '../../native/ocr/client.ts'],
  ['core/contract/y.ts', 'zod'],
  ['native/ocr/y.ts', '../../core/ports/page-reader.ts'],
  ['native/ocr/y.ts', '../../core/shared/errors.ts'],
  ['native/pkcs11/y.ts', 'pkcs11js'],
  ['electron/y.ts', '../core/contract/procedures.ts'],
  ['electron/y.ts', 'electron'],
  ['renderer/y.tsx', '../core/contract/procedures.ts'],
  ['renderer/y.tsx', 'react'],
];

const nameOf = ([file, imported]: readonly [string, string]): string =>
  file.replace(/[xy]\.(tsx?)$/, (_, ext: string) => `${imported.replace(/[^a-z0-9]+/gi, '-')}.${ext}`);

let complaints: Map<string, string>;
beforeAll(() => {
  cpSync(join(repository, '.oxlintrc.json'), join(dir, '.oxlintrc.json'));
  symlinkSync(join(repository, 'node_modules'), join(dir, 'node_modules'));
  for (const rule of [...forbidden, ...allowed]) {
    const path = join(dir, nameOf(rule));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import * as thing from '${rule[1]}';\nexport const used = thing;\n`);
  }
  const oxlint = join(repository, 'node_modules', '.bin', 'oxlint');
  const { stdout } = spawnSync(oxlint, ['--format=json', '.'], { cwd: dir, encoding: 'utf8' });
  const report = JSON.parse(stdout) as { diagnostics: { filename: string; code: string; message: string }[] };
  complaints = new Map(
    report.diagnostics
      .filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename, message }) => [filename, message]),
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each(forbidden)('%s may not import %s', (...rule) => {
  expect(complaints.has(nameOf(rule))).toBe(true);
});

it.each(allowed)('%s may import %s', (...rule) => {
  expect(complaints.get(nameOf(rule))).toBeUndefined();
});
