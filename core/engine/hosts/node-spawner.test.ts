import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { forkProgram, programEntry } from './fork-program.ts';
import { createNodeSpawner } from './node-spawner.ts';

test('knows where each program starts in a checkout', () => {
  for (const name of ['token-host', 'document-worker', 'ocr-worker'] as const) {
    expect([name, existsSync(programEntry(name))]).toEqual([name, true]);
  }
});

test('runs a program, speaks with it, and hears of its end', async () => {
  const program = createNodeSpawner().spawn('document-worker', { memoryMb: 128 });
  const answer = new Promise((resolve) => program.onMessage(resolve));
  const end = new Promise((resolve) => program.onExit(resolve));
  program.post({ id: 7, method: 'no-such-method', params: {} });
  expect(await answer).toMatchObject({ kind: 'error', id: 7 });
  expect(program.pid).toEqual(expect.any(Number));
  program.kill();
  expect(await end).toBe('signal SIGKILL');
  program.post('to nobody');
});

test('a program that runs is not given up for errors told beside it, such as a refused order to end', async () => {
  const child = forkProgram('document-worker', { memoryMb: 128 });
  const program = createNodeSpawner(() => child).spawn('document-worker');
  const ends: string[] = [];
  program.onExit((reason) => ends.push(reason));
  const end = new Promise((resolve) => program.onExit(resolve));
  for (const code of ['EPERM', 'EPERM']) child.emit('error', new Error(`kill ${code}`));
  const answer = new Promise((resolve) => program.onMessage(resolve));
  program.post({ id: 7, method: 'no-such-method', params: {} });
  expect(await answer).toMatchObject({ kind: 'error', id: 7 });
  expect(ends).toEqual([]);
  program.kill();
  expect(await end).toBe('signal SIGKILL');
});
