import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastNumbersSince, nothingSince } from '../../core/backup/last-numbers.ts';
import { WholeSet } from './whole-set.ts';

let set: WholeSet;
beforeAll(async () => {
  set = await WholeSet.make();
});
afterAll(() => set.close());

describe('restoring asks for the last number given', () => {
  it.each([
    ['without any', [], 'backup.last-number-needed', undefined],
    [
      'for one of two registers',
      [{ register: 'Sổ thứ hai', year: 2026, number: 1 }],
      'backup.last-number-needed',
      undefined,
    ],
    [
      'of an unknown register',
      [{ register: 'Sổ khác', year: 2026, number: 1 }],
      'backup.last-number-wrong',
      'no-register',
    ],
    [
      'of which register is not said',
      [{ register: null, year: 2026, number: 1 }],
      'backup.last-number-wrong',
      'which-register',
    ],
    [
      'below what the set knows',
      [{ register: 'Sổ văn bản đến', year: 2026, number: 0 }],
      'backup.last-number-wrong',
      'below-known',
    ],
    [
      'beyond all numbers',
      [{ register: 'Sổ văn bản đến', year: 2026, number: 1_000_000 }],
      'backup.last-number-wrong',
      'too-high',
    ],
  ])('%s', async (_what, lastNumbers, code, reason) => {
    const to = set.world.newPath();
    await expect(set.world.restore(set.target, { to, lastNumbers })).rejects.toMatchObject({
      code,
      detail: reason === undefined ? {} : { reason },
    });
    expect(existsSync(to)).toBe(false);
  });

  it('of every year that has passed', async () => {
    set.world.office.clock.set('2027-01-05T00:00:00Z');
    try {
      const lastNumbers = set.world.nothingSince();
      await expect(set.world.restore(set.target, { lastNumbers })).rejects.toMatchObject({
        code: 'backup.last-number-needed',
        detail: { year: 2027, number: 0 },
      });
      const both = [...lastNumbers, ...lastNumbers.map((one) => ({ ...one, year: 2027, number: 2 }))];
      expect((await set.world.restore(set.target, { lastNumbers: both })).gaps).toMatchObject([
        { year: 2027, first: 1, last: 2 },
        { year: 2027, first: 1, last: 2 },
      ]);
    } finally {
      set.world.office.clock.set('2026-11-21T00:00:00Z');
    }
  });
});

describe('restoring after the clock was wrong', () => {
  it('is refused by a computer whose clock is behind the set', async () => {
    const right = set.world.office.clock.now().toISOString();
    set.world.office.clock.set('2020-01-01T00:00:00Z');
    try {
      const to = set.world.newPath();
      await expect(set.world.restore(set.target, { to, lastNumbers: [] })).rejects.toMatchObject({
        code: 'backup.clock-behind',
      });
      expect(existsSync(to)).toBe(false);
    } finally {
      set.world.office.clock.set(right);
    }
  });

  it.each([
    ['of the old year while its letters still come in', '2027-01-05T00:00:00Z', [2026, 2027]],
    ['of the years it knows, where the set was made by a clock ahead', '2029-06-05T00:00:00Z', [2026, 2029]],
    [
      'of the years it knows, where the clock was behind then and is now',
      '2020-06-05T00:00:00Z',
      [2020, 2026],
    ],
    ['of its own year alone in the middle of one', '2026-11-20T03:00:00Z', [2026, 2026]],
  ])('asks for the last numbers %s', (_what, createdAt, [first = 0, last = 0]) => {
    const manifest = { ...set.made.manifest, createdAt };
    const years = nothingSince(manifest, new Date(createdAt)).map(({ year }) => year);
    expect([Math.min(...years), Math.max(...years)]).toEqual([first, last]);
    expect(() => lastNumbersSince(manifest, [], new Date(createdAt))).toThrow(/last-number-needed/);
  });
});
