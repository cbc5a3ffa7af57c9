import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TryLedger } from '../../../native/token-host/try-ledger.ts';
import { inTurn } from './file-turn.ts';
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

test('programs that count at the same moment lose none of their tries', async () => {
  const [programs, tries] = [3, 12];
  const go = join(folder, 'go');
  const words = `
    import { existsSync } from 'node:fs';
    import { tryCountsIn } from ${JSON.stringify(new URL('try-counts.ts', import.meta.url).href)};
    const counts = tryCountsIn(${JSON.stringify(path())});
    process.stdout.write('ready');
    while (!existsSync(${JSON.stringify(go)}));
    for (let i = 0; i < ${tries}; i++) counts.update('a', (count) => ({ ...count, wrong: count.wrong + 1 }));
  `;
  const running = Array.from({ length: programs }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(running.map(({ stdout }) => once(stdout, 'data')));
  const ended = running.map((child) => once(child, 'exit'));
  writeFileSync(go, '');
  await Promise.all(ended);
  expect(tryCountsIn(path()).get('a')).toEqual({ wrong: programs * tries, unclear: 0 });
  expect(readdirSync(join(folder, 'data'))).toEqual(['token-tries.json']);
});

test('of two programs that try a PIN at once, the second knows of the first one’s', () => {
  tryCountsIn(path()).set('a', { wrong: 1, unclear: 0 });
  const [engine, command] = [new TryLedger(tryCountsIn(path())), new TryLedger(tryCountsIn(path()))];
  expect([engine.begin('a'), command.begin('a')]).toEqual([1, 2]);
  expect(command.settle('a', 'none')).toEqual({ wrong: 1, unclear: 1 });
  expect(engine.settle('a', 'wrong')).toEqual({ wrong: 2, unclear: 0 });
});

test('a program that was killed in the middle of counting stops nobody', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  mkdirSync(join(folder, 'data'));
  writeFileSync(`${path()}.turn`, String(pid));
  tryCountsIn(path()).set('a', { wrong: 1, unclear: 0 });
  expect(readdirSync(join(folder, 'data'))).toEqual(['token-tries.json']);
});

test('a program that is counting is waited for; one that never ends is passed over', () => {
  mkdirSync(join(folder, 'data'));
  const turn = join(folder, 'data', 'count.turn');
  writeFileSync(turn, String(process.pid));
  let looks = 0;
  const wait = (): void => {
    if (++looks === 3) rmSync(turn);
  };
  expect(inTurn(join(folder, 'data', 'count'), () => looks, { wait })).toBe(3);
  writeFileSync(turn, String(process.pid));
  expect(inTurn(join(folder, 'data', 'count'), () => 'done', { wait: () => undefined })).toBe('done');
  expect(existsSync(turn)).toBe(false);
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
