import { expect, test } from 'vitest';
import { SetClock } from '../../tests/lib/sample-office.ts';
import { AnThuError } from '../shared/errors.ts';
import { reason } from '../shared/reasons.ts';
import { TsaPatience } from './tsa-patience.ts';

const patience = () => new TsaPatience(new SetClock('2026-03-02T01:00:00Z'));

test('only a TSA that is away is left alone: one whose timestamp is too long, or that refuses, has answered', () => {
  const kept = patience();
  kept.learn(new AnThuError('signing.tsa-refused', { reason: reason('tsa.too-long', 9000) }));
  expect(kept.mayAsk).toBe(true);
  kept.learn(new AnThuError('signing.tsa-unavailable', { reason: reason('http.status', 503) }));
  expect(kept.mayAsk).toBe(false);
  kept.learn(undefined);
  expect(kept.mayAsk).toBe(true);
});

test('a clock that is set back does not leave it alone for a year', () => {
  let wall = Date.parse('2027-03-02T01:00:00Z');
  let passed = 0;
  const clock = { now: () => new Date(wall), monotonic: () => passed };
  const kept = new TsaPatience(clock);
  kept.failed();
  wall = Date.parse('2026-03-02T01:00:00Z');
  passed = 60_000;
  expect(kept.mayAsk).toBe(true);
});
