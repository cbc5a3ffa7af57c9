import { expect, test } from 'vitest';
import { soakTokens } from './token-soak.ts';

test('a token that is pulled, blocked, crashed and hung at random loses nothing and leaves nothing behind', async () => {
  const report = await soakTokens({ seed: 20_261_122, events: 80, deadlineMs: 10_000 });
  expect(report.faults).toEqual([]);
  expect(report.signed).toBe(report.documents);
  expect(report.documents).toBeGreaterThan(40);
  expect(Object.keys(report.events).length).toBeGreaterThan(7);
}, 300_000);
