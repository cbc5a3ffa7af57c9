import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handlingOf } from '../../core/sync/failure.ts';
import { createHttpConnector } from '../../core/sync/http-connector.ts';

let dir: string;
let server: Server;
let baseUrl: string;
let ca: string;
let requests = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'an-thu-tls-'));
  const key = join(dir, 'key.pem');
  const cert = join(dir, 'cert.pem');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      .concat(['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'])
      .concat(['-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  );
  ca = readFileSync(cert, 'utf8');
  server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    requests += 1;
    request.resume();
    response.setHeader('content-type', 'application/json');
    if (request.url === '/v1/health') {
      response.statusCode = 302;
      response.setHeader('location', 'https://elsewhere.example/');
      response.end();
    } else response.end(JSON.stringify({ items: [], next: 0, more: false }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

it('a province with a CA of its own is trusted when that CA is configured', async () => {
  const connector = createHttpConnector({ baseUrl, officeId: 'xa-b', secret: 's'.repeat(20), ca });
  expect((await connector.listInbox()).items).toEqual([]);
});

it('a server that cannot prove its name hears nothing, not even the secret', async () => {
  const before = requests;
  const connector = createHttpConnector({ baseUrl, officeId: 'xa-b', secret: 's'.repeat(20) });
  const failure = await connector.listInbox().catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: 'sync.server-untrusted' });
  expect(handlingOf(failure).kind).toBe('retry');
  expect(requests).toBe(before);
});

it('a redirect is not followed', async () => {
  const connector = createHttpConnector({ baseUrl, officeId: 'xa-b', secret: 's'.repeat(20), ca });
  await expect(connector.health()).rejects.toMatchObject({ code: 'sync.server-nonsense' });
});
