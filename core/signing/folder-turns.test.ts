import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inFolderTurn } from './folder-turns.ts';

test('names in one folder are changed one after another, also behind one that failed; other folders do not wait', async () => {
  const seen: string[] = [];
  const step = (name: string, ms: number) => async () => {
    seen.push(`${name} begins`);
    await sleep(ms);
    seen.push(`${name} ends`);
    if (name === 'second') throw new Error('no room');
    return name;
  };
  const settled = await Promise.allSettled([
    inFolderTurn('/a/1.pdf', step('first', 30)),
    inFolderTurn('/a/2.pdf', step('second', 1)),
    inFolderTurn('/a/3.pdf', step('third', 1)),
    inFolderTurn('/b/1.pdf', step('elsewhere', 1)),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(seen.filter((what) => !what.startsWith('elsewhere'))).toEqual([
    'first begins', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends',
  ]); // prettier-ignore
  expect(seen.indexOf('elsewhere ends')).toBeLessThan(seen.indexOf('first ends'));
});
