import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isShared } from './folder-owner.ts';

/** What a share answers, by the end of the path that is looked at. */
const answers = vi.hoisted(() => new Map<string, string>());

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  const answering = <F extends typeof real.lstat | typeof real.readdir>(call: F): F =>
    new Proxy(call, {
      async apply(target, self, [path, ...more]: unknown[]) {
        for (const [end, code] of answers)
          if (String(path).endsWith(end)) throw Object.assign(new Error(code), { code });
        return await Reflect.apply(target, self, [path, ...more]);
      },
    });
  return { ...real, lstat: answering(real.lstat), readdir: answering(real.readdir) };
});

const claim = '0193f0aa-1111-7222-8333-444455556666';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'an-thu-owner-'));
  mkdirSync(join(root, '.an-thu', 'so-ta'), { recursive: true });
});
afterEach(() => {
  answers.clear();
  rmSync(root, { recursive: true, force: true });
});

test('a folder with nobody but us is ours alone, and so is one in which nobody has taken anything', async () => {
  expect(await isShared(root, 'so-ta')).toBe(false);
  rmSync(join(root, '.an-thu'), { recursive: true });
  expect(await isShared(root, 'so-ta')).toBe(false);
});

test('with others, or with what an earlier version took, it is shared', async () => {
  mkdirSync(join(root, '.an-thu', claim));
  expect(await isShared(root, 'so-ta')).toBe(false);
  writeFileSync(join(root, '.an-thu', claim, 'a.pdf'), 'a');
  expect(await isShared(root, 'so-ta')).toBe(true);
  expect(await isShared(root, 'so-khac')).toBe(true);
});

test.each(['EACCES', 'EPERM', 'EIO', 'ESTALE', 'ETIMEDOUT'])(
  'where a share does not say who takes files (%s) it counts as shared: what another takes, too, would come twice',
  async (code) => {
    answers.set('.an-thu', code);
    expect(await isShared(root, 'so-ta')).toBe(true);
  },
);

test('a claim that is put aside while we look hides none of the others', async () => {
  mkdirSync(join(root, '.an-thu', claim));
  mkdirSync(join(root, '.an-thu', 'so-khac'));
  answers.set(claim, 'ENOENT');
  expect(await isShared(root, 'so-ta')).toBe(true);
});
