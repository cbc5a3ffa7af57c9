import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { missingNumbers } from './book/missing-numbers.ts';
import { openGaps, recordGap } from './number-gaps.ts';

let office: SampleOffice;
beforeEach(async () => {
  office = await SampleOffice.open();
  office.enter();
  office.enter();
});
afterEach(() => office.close());

/** As restoring a backup does: numbers up to `last` of this year are known to have been given. */
const lose = (last: number, year = 2026) =>
  recordGap(
    office.database,
    office.audit,
    { registerId: office.arrivals, year, last, reason: 'phục hồi từ bản sao lưu' },
    { actor: 'quản trị', now: office.clock.now() },
  );

it('numbers that a lost register gave are given to nobody else', () => {
  expect(lose(5)).toEqual({ first: 3, last: 5 });
  expect(office.enter().number).toBe(6);
  expect(office.enter({}, { registerId: office.secondRegister }).number).toBe(1);
  expect(office.audit.list({ limit: 10 }).map(({ action }) => action)).toContain('register.numbers-missing');
});

it('however many are lost, every one is named in book and list', () => {
  lose(5000);
  office.enter({}, { lostNumber: { year: 2026, number: 3000 } });
  const [gap] = openGaps(office.database);
  expect(gap?.missing).toHaveLength(1000);
  const lost = [
    { from: 3, to: 2999 },
    { from: 3001, to: 5000 },
  ];
  expect(gap?.ranges).toEqual(lost);
  const range = { registerId: office.arrivals, year: 2026 };
  expect(missingNumbers(office.database, range)).toMatchObject(lost);
  expect(missingNumbers(office.database, { ...range, fromNumber: 2998, toNumber: 3002 })).toMatchObject([
    { from: 2998, to: 2999 },
    { from: 3001, to: 3002 },
  ]);
});

it('there is no gap where nothing was given since', () => {
  expect(lose(2)).toBeNull();
  expect(openGaps(office.database)).toEqual([]);
  expect(office.enter().number).toBe(3);
});

it('the documents that bore them get them back, each once', () => {
  lose(5);
  const again = () => office.enter({}, { lostNumber: { year: 2026, number: 4 } });
  expect(again()).toMatchObject({ number: 4, suffix: '', year: 2026 });
  expect(again).toThrow(/register\.no-lost-number/);
  expect(openGaps(office.database)).toMatchObject([{ first: 3, last: 5, missing: [3, 5] }]);
  for (const number of [3, 5]) office.enter({}, { lostNumber: { year: 2026, number } });
  expect(openGaps(office.database)).toEqual([]);
  const { rows } = office.register.list({ registerId: office.arrivals, query: '', offset: 0, limit: 10 });
  expect(rows.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
});

it.each([
  ['never lost', { year: 2026, number: 2 }],
  ['not given yet', { year: 2026, number: 6 }],
  ['of another year than the day of arrival', { year: 2025, number: 4 }],
])('a number %s is not asked for by name', (_what, lostNumber) => {
  lose(5);
  lose(5, 2025);
  expect(() => office.enter({}, { lostNumber })).toThrow(/register\.no-lost-number/);
});

it('a gap is neither taken back nor made smaller', () => {
  lose(5);
  expect(() => office.database.run('DELETE FROM number_gap')).toThrow(/stay given out/);
  expect(() => office.database.run('UPDATE number_gap SET last_number = 3')).toThrow(/stay given out/);
});
