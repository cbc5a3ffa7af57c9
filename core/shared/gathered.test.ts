import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is posted at one moment goes as a list, what is posted alone as itself', async () => {
  const sent: unknown[] = [];
  const post = gathered((message) => sent.push(message));
  post('a');
  void Promise.resolve().then(() => post('b'));
  await soon();
  post('c');
  await soon();
  expect(sent).toEqual([['a', 'b'], 'c']);
});
