import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isOutputFolder } from './output-folder.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-out-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a folder that is there is one, a new name and a file are not', async () => {
  writeFileSync(join(dir, 'a.pdf'), '');
  expect(await isOutputFolder(dir)).toBe(true);
  expect(await isOutputFolder(join(dir, 'a.pdf'))).toBe(false);
  expect(await isOutputFolder(join(dir, 'new'))).toBe(false);
  expect(existsSync(join(dir, 'new'))).toBe(false);
});

test.each(['/', sep])('a name that ends in %j is a folder, which is made', async (end) => {
  const out = join(dir, 'signed', end === '/' ? 'one' : 'two');
  expect(await isOutputFolder(`${out}${end}`)).toBe(true);
  expect(existsSync(out)).toBe(true);
  await expect(isOutputFolder(`${join(dir, 'a.pdf')}${end}`)).rejects.toMatchObject({
    code: expect.stringMatching(/EEXIST|ENOTDIR/),
  });
});
