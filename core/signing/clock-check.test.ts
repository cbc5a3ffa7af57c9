import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClockCheck } from './clock-check.ts';

let server: Server;
let url: string;
let asked: string[];
let date: string | undefined;
/** What our clock is ahead. */
let aheadMs = 0;
let monotonic = 0;

beforeEach(async () => {
  [asked, date, aheadMs, monotonic] = [[], undefined, 0, 0];
  server = createServer((request, response) => {
    asked.push(request.method ?? '');
    response.sendDate = date === undefined;
    if (date !== undefined && date !== '') response.setHeader('Date', date);
    response.writeHead(405).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const check = new ClockCheck({ now: () => new Date(Date.now() + aheadMs), monotonic: () => monotonic });
const later = (): number => (monotonic += 3_600_000);

test('a clock that agrees is asked about once for a batch, and no timestamp is asked for', async () => {
  for (let file = 0; file < 100; file++) await check.assertFits(url);
  expect(asked).toEqual(['HEAD']);
});

test.each([
  ['ahead', 45 * 60_000],
  ['behind', -3 * 24 * 3_600_000],
  ['years behind', -9 * 365 * 24 * 3_600_000],
])('a clock that is far %s stops the signature before the token is asked', async (_name, ms) => {
  later();
  aheadMs = ms;
  await expect(check.assertFits(url)).rejects.toMatchObject({
    code: 'signing.clock-off',
    detail: { minutes: Math.abs(ms) / 60_000 },
  });
  // Set right, it goes on at once.
  aheadMs = 0;
  await expect(check.assertFits(url)).resolves.toBeUndefined();
});

test('some minutes, a server without a clock, and one that is away stop nothing', async () => {
  later();
  aheadMs = 4 * 60_000;
  await check.assertFits(url);
  later();
  aheadMs = 3_600_000;
  date = '';
  await check.assertFits(url);
  await check.assertFits('http://127.0.0.1:1/');
  await check.assertFits('no address');
  await check.assertFits(null);
});

test('a clock that somebody sets between two documents is asked about again', async () => {
  later();
  await check.assertFits(url);
  aheadMs = -365 * 24 * 3_600_000;
  await expect(check.assertFits(url)).rejects.toMatchObject({ code: 'signing.clock-off' });
});
