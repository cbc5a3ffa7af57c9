import { expect, it } from 'vitest';
import { isVietnamTimeAsUtc, parsePdfDate } from './claimed-time.ts';

it.each([
  ["D:20261121220300+07'00'", '2026-11-21T15:03:00.000Z'],
  ["D:20261121220300+07'00", '2026-11-21T15:03:00.000Z'],
  ['D:20261121220300Z', '2026-11-21T22:03:00.000Z'],
  ["D:20261121220300Z00'00'", '2026-11-21T22:03:00.000Z'],
  ["20261121220300-05'30'", '2026-11-22T03:33:00.000Z'],
  ['D:20261121', '2026-11-20T17:00:00.000Z'],
])('reads %s', (text, iso) => {
  expect(parsePdfDate(text)?.toISOString()).toBe(iso);
});

it.each([undefined, '', 'hôm nay', 'D:20261399', "D:20261121220300+07'00'x"])('gives up on %s', (text) => {
  expect(parsePdfDate(text)).toBeUndefined();
});

const now = new Date('2026-11-21T01:00:00Z');
it.each([
  ['timestamp', '2026-11-21T01:00:00Z', '2026-11-21T08:00:00Z', true],
  ['timestamp', '2026-11-21T01:00:00Z', '2026-11-21T01:00:00Z', false],
  ['timestamp', '2026-11-21T01:00:00Z', '2026-11-21T05:00:00Z', false],
  ['register', '2026-11-21T01:00:00Z', '2026-11-21T07:30:00Z', true],
  ['claimed', undefined, '2026-11-21T07:30:00Z', true],
  ['claimed', undefined, '2026-11-21T01:01:00Z', false],
  ['claimed', undefined, '2026-11-22T07:30:00Z', false],
])('local time written as UTC: %s %s claims %s', (source, proven, claimed, expected) => {
  const time = { source, proven: proven ? new Date(proven) : undefined, claimed: new Date(claimed) };
  expect(isVietnamTimeAsUtc(time, now)).toBe(expected);
});
