import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

const never = (): void => expect.unreachable();

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is posted at one moment goes as a list, what is posted alone as itself', async () => {
  const sent: unknown[] = [];
  const post = gathered<string>((message) => sent.push(message), never);
  post('a');
  void Promise.resolve().then(() => post('b'));
  await soon();
  post('c');
  await soon();
  expect(sent).toEqual([['a', 'b'], 'c']);
});

test('one that cannot be sent is told and takes none of the others with it', async () => {
  const sent: unknown[] = [];
  const refused: unknown[] = [];
  const post = gathered<unknown>(
    (message) => sent.push(structuredClone(message)),
    (message, thrown) => refused.push([message, (thrown as Error).name]),
  );
  const closure = (): void => undefined;
  for (const message of ['a', closure, 'b']) post(message);
  await soon();
  post(closure);
  await soon();
  expect(sent).toEqual(['a', 'b']);
  expect(refused).toEqual([
    [closure, 'DataCloneError'],
    [closure, 'DataCloneError'],
  ]);
});
