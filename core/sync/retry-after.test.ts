import { expect, it } from 'vitest';
import { retryAfterSeconds } from './retry-after.ts';

const after = (value: string | undefined, date = 'Mon, 02 Mar 2026 01:00:00 GMT') =>
  retryAfterSeconds({ ...(value !== undefined && { 'retry-after': value }), date });

it.each([
  ['0', 0],
  ['120', 120],
  ['999999999999999999999', 3600],
  ['Mon, 02 Mar 2026 01:05:00 GMT', 300],
  ['Mon, 02 Mar 2026 00:00:00 GMT', 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3600],
  ['-5', 30],
  ['1e9', 30],
  ['soon', 30],
  ['', 30],
  [undefined, 30],
])('Retry-After %j leaves the server alone for %i seconds', (value, seconds) => {
  expect(after(value)).toBe(seconds);
});

it('a date without the server’s clock beside it counts from ours', () => {
  const soon = new Date(Date.now() + 600_000).toUTCString();
  expect(retryAfterSeconds({ 'retry-after': soon })).toBeGreaterThan(590);
});
