import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { SetClock } from '../../tests/lib/sample-office.ts';
import { askTsa } from './ask-tsa.ts';
import { TsaPatience } from './tsa-patience.ts';

let asked = 0;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked++;
    response.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => new Promise((resolve) => server.close(resolve)));

const digest = new Uint8Array(32);

test('a TSA that kept a file waiting in vain is not asked again by the next files of a batch', async () => {
  const tsa = { url, patience: new TsaPatience(new SetClock('2026-03-02T01:00:00Z')) };
  vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(180_000);
  await expect(askTsa(tsa, digest)).rejects.toMatchObject({ code: 'signing.tsa-unavailable' });
  const before = asked;
  await expect(askTsa(tsa, digest)).rejects.toMatchObject({ code: 'signing.tsa-unavailable' });
  expect(asked).toBe(before);
});

test('one that refused at once is asked again', async () => {
  const tsa = { url, patience: new TsaPatience(new SetClock('2026-03-02T01:00:00Z')) };
  await expect(askTsa(tsa, digest)).rejects.toMatchObject({ code: 'signing.tsa-unavailable' });
  const before = asked;
  await expect(askTsa(tsa, digest)).rejects.toMatchObject({ code: 'signing.tsa-unavailable' });
  expect(asked).toBe(before + 1);
});

test('without an address there is no timestamp', async () => {
  await expect(askTsa(undefined, digest)).rejects.toMatchObject({ code: 'signing.tsa-unavailable' });
});
