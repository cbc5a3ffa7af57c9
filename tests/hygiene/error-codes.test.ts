import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorDefinitions, type ErrorCode } from '../../core/contract/errors/index.ts';

const repository = join(import.meta.dirname, '..', '..');
const tables = join(repository, 'core', 'contract', 'errors');
const codes = Object.keys(errorDefinitions) as ErrorCode[];
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted();

/** All sources of the product but the tables themselves. */
function sources(): string {
  const texts: string[] = [];
  for (const room of ['core', 'native', 'electron', 'renderer']) {
    for (const entry of readdirSync(join(repository, room), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !/\.tsx?$/.test(path) || /\.test\.tsx?$/.test(path)) continue;
      if (!path.includes(join('contract', 'errors'))) texts.push(readFileSync(path, 'utf8'));
    }
  }
  return texts.join('\n');
}

describe.each(codes)('%s', (code) => {
  const { vi, en, exit } = errorDefinitions[code];

  it('is told in Vietnamese and in English, with the same facts', () => {
    expect(vi).toMatch(/[ạảãàáâậầấẩẫăắằặẳẵóòọõỏôộổỗồốơờớợởỡéèẻẹẽêếềệểễúùụủũưựữửừứíìịỉĩýỳỷỵỹđ]/i);
    expect(en.trim().length).toBeGreaterThan(20);
    expect(new Set(placeholders(vi))).toEqual(new Set(placeholders(en)));
  });

  it('is a whole sentence and has an exit status of the command line', () => {
    expect(vi).toMatch(/[.!?]$/);
    expect(en).toMatch(/[.!?]$/);
    expect([2, 64, 66, 69, 70, 73, 75, 77]).toContain(exit);
  });
});

it('no code is in the table that nothing throws', () => {
  const text = sources();
  expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});

it('no room claims a code of another: the tables together have as many codes as each alone', () => {
  const inFiles = readdirSync(tables)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(join(tables, name), 'utf8').matchAll(/^ {2}'([\w.-]+)': \{/gm)])
    .map(([, code]) => code);
  expect(inFiles.toSorted()).toEqual(codes.toSorted());
});
