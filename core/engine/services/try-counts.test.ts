import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryCountsIn } from './try-counts.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'an-thu-tries-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'data', 'token-tries.json');

test('wrong PINs are remembered by token beyond the program, and forgotten after the right one', () => {
  const counts = tryCountsIn(path());
  expect(counts.get('a')).toEqual({ wrong: 0, unclear: 0 });
  counts.set('a', { wrong: 2, unclear: 1 });
  counts.set('b', { wrong: 0, unclear: 1 });
  const again = tryCountsIn(path());
  expect(again.all()).toEqual({ a: { wrong: 2, unclear: 1 }, b: { wrong: 0, unclear: 1 } });
  again.set('a', { wrong: 0, unclear: 0 });
  expect(again.all()).toEqual({ b: { wrong: 0, unclear: 1 } });
  again.set('b', { wrong: 0, unclear: 0 });
  expect(readdirSync(join(folder, 'data'))).toEqual([]);
});

test('two programs count together', () => {
  const [engine, command] = [tryCountsIn(path()), tryCountsIn(path())];
  engine.set('a', { wrong: 1, unclear: 0 });
  command.set('a', { wrong: command.get('a').wrong + 1, unclear: 0 });
  expect(engine.get('a').wrong).toBe(2);
});

test('a right PIN at the first try writes nothing, not even the folder', () => {
  tryCountsIn(path()).set('a', { wrong: 0, unclear: 0 });
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

test('a file that nobody can read as counts is replaced at the next wrong PIN', () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(path(), '{"a": {"wrong": -1');
  const counts = tryCountsIn(path());
  expect(counts.all()).toEqual({});
  counts.set('a', { wrong: 1, unclear: 0 });
  expect(tryCountsIn(path()).all()).toEqual({ a: { wrong: 1, unclear: 0 } });
});

test('where nothing can be written the running program still counts', () => {
  // A file where the folder should be: nobody, not even root, can write below it.
  writeFileSync(join(folder, 'data'), '');
  const counts = tryCountsIn(path());
  counts.set('a', { wrong: 2, unclear: 0 });
  expect(counts.get('a').wrong).toBe(2);
  expect(counts.all()).toEqual({ a: { wrong: 2, unclear: 0 } });
  counts.set('a', { wrong: 0, unclear: 0 });
  expect(counts.all()).toEqual({});
});

test('a file that holds a key is counted, but leaves no trace on the disk', () => {
  const counts = tryCountsIn(path());
  counts.set('file:///tmp/key.p12', { wrong: 1, unclear: 0 });
  expect(counts.get('file:///tmp/key.p12').wrong).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('only its owner reads it', () => {
  tryCountsIn(path()).set('a', { wrong: 1, unclear: 0 });
  // Windows knows no such bits; there the folder lies in the person's profile.
  const others = process.platform === 'win32' ? 0 : 0o077;
  expect(statSync(path()).mode & others).toBe(0);
  expect(statSync(join(folder, 'data')).mode & others).toBe(0);
});
