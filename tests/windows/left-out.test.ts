import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longest } from '../../scripts/windows/longest-first.ts';
import { filesLeftOut, testsLeftOut } from './left-out.ts';

const repository = join(import.meta.dirname, '../..');
const files = filesLeftOut.flatMap((entry) => entry.files);

test.each(files)('what is left out on Windows is there: %s', (file) => {
  const pattern = file.endsWith('/**') ? `${file}/*.ts` : file;
  expect(globSync(pattern, { cwd: repository })).not.toEqual([]);
});

test.each(longest)('what is begun first on Windows is there, and is run: %s', (file) => {
  expect(existsSync(join(repository, file))).toBe(true);
  expect(files).not.toContain(file);
});

test('nothing is left out twice', () => {
  expect(new Set(files).size).toBe(files.length);
  for (const { file } of testsLeftOut) expect(files).not.toContain(file);
});

test.each(testsLeftOut)('a single test left out on Windows is there: $test', ({ file, test: name }) => {
  const path = join(repository, file);
  expect(existsSync(path)).toBe(true);
  const titles = [...readFileSync(path, 'utf8').matchAll(/(['"`])(.+?)\1/g)].map(
    ([, , title]) => title ?? '',
  );
  for (const part of name.split(' > ')) {
    // A test of a table has a place for each row's words in its title.
    const isNamedBy = (title: string): boolean =>
      /\w{3}/.test(title.replaceAll(/%[sj]|\$\w+/g, '')) &&
      new RegExp(
        `^${title
          .split(/%[sj]|\$\w+/)
          .map(RegExp.escape)
          .join('.*')}$`,
      ).test(part);
    expect(titles.some(isNamedBy)).toBe(true);
  }
});

test('every reason is a sentence', () => {
  for (const { reason } of [...filesLeftOut, ...testsLeftOut]) expect(reason).toMatch(/^\p{Lu}.{15,}\.$/u);
});
