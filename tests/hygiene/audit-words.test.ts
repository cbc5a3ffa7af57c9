import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { actionWord, subjectWord } from '../../renderer/audit/action-words.ts';

const core = join(import.meta.dirname, '..', '..', 'core');
const sources = globSync('**/*.ts', { cwd: core })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(core, path), 'utf8'))
  .join('\n');
/** What stands behind a name in the sources, each once. */
const given = (pattern: RegExp): string[] => [
  ...new Set([...sources.matchAll(pattern)].map(([, text]) => text ?? '')),
];

it('the window has a word for whatever the log says was done, and to what', () => {
  const actions = given(/\baction: '([a-z-]+\.[a-z-]+)'/g);
  const subjects = given(/\bsubject: '([a-z-]+)'/g);
  expect([actions.length, subjects.length].map((count) => count > 5)).toEqual([true, true]);
  expect(actions.filter((action) => actionWord(action, (key) => key) === action)).toEqual([]);
  expect(subjects.filter((subject) => subjectWord(subject, (key) => key) === undefined)).toEqual([]);
});
