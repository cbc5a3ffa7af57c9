import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

// docs/attacks.md lists every variant with its test: each test named there must exist.

interface Row {
  readonly file: string;
  readonly name: string;
}

async function readList(): Promise<Row[]> {
  const text = await readFile(new URL('../../docs/attacks.md', import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, file, name] = /^([a-z-]+) › (.+)$/.exec(cells.at(-2) ?? '') ?? [];
    return file && name ? [{ file, name }] : [];
  });
}

/** Texts of a test file that are written as string literals: titles of tests and rows of tables. */
async function literalsOf(file: string): Promise<Set<string>> {
  const source = await readFile(new URL(`${file}.test.ts`, import.meta.url), 'utf8');
  const quoted = source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g);
  return new Set([...quoted].map(([, single, double]) => single ?? double ?? ''));
}

it('every variant of docs/attacks.md has a test of that name', async () => {
  const rows = await readList();
  expect(rows.length).toBeGreaterThan(120);
  const literals = new Map<string, Set<string>>();
  for (const { file } of rows) if (!literals.has(file)) literals.set(file, await literalsOf(file));
  const missing = rows.filter(({ file, name }) => !literals.get(file)?.has(name));
  expect(missing).toEqual([]);
});

it('every class of the findings has its table', async () => {
  const text = await readFile(new URL('../../docs/attacks.md', import.meta.url), 'utf8');
  for (const title of [
    'Incremental saving', 'Signature wrapping', 'Universal forgery', 'Shadow: hide', 'Shadow: replace',
    'Shadow: hide and replace', 'Certification', 'Signature spoofing', 'In the name of long-term update', 'Reader confusion',
    'What a page does not show', 'Numbers and sections', 'Carried along by a permitted change',
    'Odd OCSP answers, rightly signed', 'Names that deceive the reader', 'CMS tricks', 'Time and revocation', 'Clean twins: all PASSED',
  ]) expect(text).toContain(`## ${title}\n`); // prettier-ignore
});
