import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holds, realPlace } from './places.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'an-thu-places-')));
  mkdirSync(join(home, 'data'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('follows links, also to what is still to be made', async () => {
  symlinkSync(join(home, 'data'), join(home, 'link'));
  for (const below of ['', 'mới', join('mới', 'sổ.pdf')])
    expect(await realPlace(join(home, 'link', below))).toBe(join(home, 'data', below));
});

it('of a folder holds what is there or below, and no neighbour whose name begins alike', () => {
  expect(['', 'a', '..a', '../data-2', '..'].map((way) => holds('/x/data', join('/x/data', way)))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
