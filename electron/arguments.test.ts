import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';

const cwd = resolve('/', 'home', 'van-thu');

test('takes the data folder relative to the caller', () => {
  expect(readArguments(['electron', '.', '--data', 'kho'], cwd).dataFolder).toBe(join(cwd, 'kho'));
  expect(readArguments(['electron', '.', '--data=/srv/kho'], cwd).dataFolder).toBe(resolve('/srv/kho'));
});

test('makes pictures only when asked, into a folder that may be left out', () => {
  expect(readArguments(['electron', '.'], cwd).screenshotFolder).toBeUndefined();
  expect(readArguments(['electron', '.', '--screenshot'], cwd).screenshotFolder).toBe(
    join(cwd, 'out', 'screenshots'),
  );
  expect(readArguments(['electron', '.', '--screenshot', 'anh', '--data', 'x'], cwd).screenshotFolder).toBe(
    join(cwd, 'anh'),
  );
  expect(readArguments(['electron', '.', '--screenshot', '--data', 'x'], cwd).screenshotFolder).toBe(
    join(cwd, 'out', 'screenshots'),
  );
});
