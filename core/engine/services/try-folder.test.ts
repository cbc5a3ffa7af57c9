import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TryCount, TryCountStore, TryOutcome } from '../../../native/token-host/try-counts.ts';
import { tokenKey } from '../../../native/token-host/try-ledger.ts';
import { tryCountsIn } from './try-folder.ts';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'an-thu-tries-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = (): string => join(home, 'data', 'token-tries');
const notes = (): string[] => readdirSync(folder());
/** The counts as another program sees them. */
const countOf = async (tokenId: string): Promise<TryCount> => (await tryCountsIn(folder()).known())(tokenId);

async function tryOnce(store: TryCountStore, tokenId: string, outcome: TryOutcome): Promise<TryCount> {
  return await (await store.begin(tokenId)).settle(outcome);
}

/** Number of a process that is no more. */
const endedPid = (): number => spawnSync(process.execPath, ['--version']).pid;

/** A note as a program of that number left it. */
function leave(tokenId: string, pid: number, state: string): string {
  mkdirSync(folder(), { recursive: true });
  const path = join(
    folder(),
    `${tokenKey(tokenId)}-${pid}-${String(readdirSync(folder()).length).padStart(16, '0')}`,
  );
  writeFileSync(path, state);
  return path;
}

test('wrong PINs are remembered by token beyond the program, and forgotten after the right one', async () => {
  const counts = tryCountsIn(folder());
  expect(await countOf('a')).toEqual({ wrong: 0, unclear: 0 });
  await tryOnce(counts, 'a', 'wrong');
  await tryOnce(counts, 'a', 'unclear');
  expect(await tryOnce(counts, 'a', 'wrong')).toEqual({ wrong: 2, unclear: 1 });
  await tryOnce(counts, 'b', 'unclear');
  await tryOnce(counts, 'b', 'none');
  expect([await countOf('a'), await countOf('b')]).toEqual([
    { wrong: 2, unclear: 1 },
    { wrong: 0, unclear: 1 },
  ]);
  await tryOnce(tryCountsIn(folder()), 'a', 'right');
  expect([await countOf('a'), await countOf('b')]).toEqual([
    { wrong: 0, unclear: 0 },
    { wrong: 0, unclear: 1 },
  ]);
  await tryOnce(counts, 'b', 'right');
  expect(notes()).toEqual([]);
});

test('programs that try at the same moment lose none of their tries', async () => {
  const [programs, tries] = [3, 8];
  const go = join(home, 'go');
  const words = `
    import { existsSync } from 'node:fs';
    import { tryCountsIn } from ${JSON.stringify(new URL('try-folder.ts', import.meta.url).href)};
    const counts = tryCountsIn(${JSON.stringify(folder())});
    process.stdout.write('ready');
    while (!existsSync(${JSON.stringify(go)}));
    for (let i = 0; i < ${tries}; i++) await (await counts.begin('a')).settle(i % 2 ? 'wrong' : 'unclear');
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
  expect(await countOf('a')).toEqual({ wrong: (programs * tries) / 2, unclear: (programs * tries) / 2 });
});

describe('of two programs that try a PIN at once', () => {
  test('the second knows of the first one’s', async () => {
    await tryOnce(tryCountsIn(folder()), 'a', 'wrong');
    const engine = await tryCountsIn(folder()).begin('a');
    const command = await tryCountsIn(folder()).begin('a');
    expect([engine.before, command.before]).toEqual([1, 2]);
    expect(await command.settle('none')).toEqual({ wrong: 1, unclear: 1 });
    expect(await engine.settle('wrong')).toEqual({ wrong: 2, unclear: 0 });
  });

  test('none goes uncounted, however close they are', async () => {
    for (let round = 0; round < 20; round++) {
      const stores = [tryCountsIn(folder()), tryCountsIn(folder())];
      const tries = await Promise.all(stores.map((store) => store.begin('a')));
      expect(Math.max(...tries.map(({ before }) => before))).toBe(1);
      await Promise.all(tries.map((one) => one.settle('none')));
    }
  });

  test('the right one takes back neither the other that is under way nor how that one ends', async () => {
    const slow = await tryCountsIn(folder()).begin('a');
    await tryOnce(tryCountsIn(folder()), 'a', 'right');
    expect(await countOf('a')).toEqual({ wrong: 0, unclear: 1 });
    expect(await slow.settle('wrong')).toEqual({ wrong: 1, unclear: 0 });
    const later = await tryCountsIn(folder()).begin('a');
    expect(later.before).toBe(1);
    // The token looked at this one after the right one had been sent, or before: nobody can say.
    const right = await tryCountsIn(folder()).begin('a');
    await later.settle('wrong');
    await right.settle('right');
    expect(await countOf('a')).toEqual({ wrong: 1, unclear: 0 });
  });
});

describe('a program that was killed over a PIN', () => {
  test('has counted it, until a right one', async () => {
    leave('a', endedPid(), 'under-way');
    expect((await tryCountsIn(folder()).begin('a')).before).toBe(1);
    await tryOnce(tryCountsIn(folder()), 'a', 'right');
    expect(notes().filter((name) => !name.includes(`-${process.pid}-`))).toEqual([]);
  });

  test('is not taken for a later one of the same number', async () => {
    const path = leave('a', process.pid, 'under-way');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path, longAgo, longAgo);
    await tryOnce(tryCountsIn(folder()), 'a', 'right');
    expect(notes()).toEqual([]);
  });
});

describe('what cannot be read counts', () => {
  test('a note in which nothing is to be understood', async () => {
    leave('a', endedPid(), '{"wrong": -1');
    leave('a', endedPid(), '');
    expect(await countOf('a')).toEqual({ wrong: 0, unclear: 2 });
    expect((await tryCountsIn(folder()).begin('a')).before).toBe(2);
  });

  test('a folder that is there and cannot be listed: nothing may be sent', async () => {
    mkdirSync(join(home, 'data'));
    // Nobody, not even root, can list this.
    writeFileSync(folder(), '');
    const counts = tryCountsIn(folder());
    const refused = { code: 'token.tries-unreadable', detail: { path: folder() } };
    await expect(counts.begin('a')).rejects.toMatchObject(refused);
    await expect(counts.known()).rejects.toMatchObject(refused);
  });

  test('a file of somebody else in the folder is none', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), 'desktop.ini'), '');
    expect((await tryCountsIn(folder()).begin('a')).before).toBe(0);
  });
});

test('where nothing can be written the running program still counts', async () => {
  // A file where the data folder should be: nobody, not even root, can write below it.
  writeFileSync(join(home, 'data'), '');
  const counts = tryCountsIn(folder());
  await tryOnce(counts, 'a', 'wrong');
  const next = await counts.begin('a');
  expect(next.before).toBe(1);
  expect(await next.settle('wrong')).toEqual({ wrong: 2, unclear: 0 });
  await tryOnce(counts, 'a', 'right');
  expect((await counts.known())('a')).toEqual({ wrong: 0, unclear: 0 });
});

test('looking writes nothing, not even the folder', async () => {
  await tryCountsIn(folder()).known();
  expect(existsSync(join(home, 'data'))).toBe(false);
});

test('only its owner reads it, and it holds neither PIN nor name of the token', async () => {
  const open = await tryCountsIn(folder()).begin('pkcs11:token=Chủ tịch;serial=XYZ');
  const [name = ''] = notes();
  expect(readFileSync(join(folder(), name), 'utf8')).toBe('under-way');
  expect(name).not.toContain('XYZ');
  // Windows knows no such bits; there the folder lies in the person's profile.
  const others = process.platform === 'win32' ? 0 : 0o077;
  for (const path of [folder(), join(folder(), name)]) expect(statSync(path).mode & others).toBe(0);
  await open.settle('right');
});
