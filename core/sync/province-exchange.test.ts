import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { exchange, type ExchangeRequest } from './province-exchange.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function ask(answer: RequestListener, more: Partial<ExchangeRequest> = {}) {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return exchange({
    method: 'GET',
    url: new URL(`http://127.0.0.1:${port}/`),
    headers: {},
    deadlineMs: 5_000,
    maxReplyBytes: 1_000,
    ...more,
  });
}

it('a download of an absurd announced size has a deadline that lies in the future', async () => {
  const parts: Buffer[] = [];
  const sink = async (chunk: Buffer) => void parts.push(chunk);
  const reply = await ask((_, response) => void response.end('edXML'), { sink, maxReplyBytes: 1e15 });
  expect(reply.status).toBe(200);
  expect(Buffer.concat(parts).toString()).toBe('edXML');
});

it('what is not the download itself is not gathered in memory as if it were', async () => {
  const reply = ask(
    (_, response) => {
      response.statusCode = 404;
      response.end(Buffer.alloc(2_000_000));
    },
    { sink: () => Promise.resolve(), maxReplyBytes: 50_000_000 },
  );
  await expect(reply).rejects.toMatchObject({ code: 'sync.server-nonsense' });
});

it('a download that drips is cut off soon, however much was announced', async () => {
  const drip = new Set<NodeJS.Timeout>();
  const reply = ask(
    (_, response) => {
      response.writeHead(200);
      drip.add(setInterval(() => response.write('x'), 20));
    },
    { sink: () => Promise.resolve(), maxReplyBytes: 100_000_000, deadlineMs: 300 },
  );
  const failure = await reply.catch((thrown: unknown) => thrown);
  for (const timer of drip) clearInterval(timer);
  expect(failure).toMatchObject({ code: 'sync.server-away' });
}, 30_000);
