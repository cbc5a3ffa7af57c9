import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exchangeHttp, type HttpExchange } from '../../core/shared/http-exchange.ts';
import { fetchRevocation } from '../../core/signing/revocation-client.ts';
import { parseCertificate, type Certificate } from '../../core/trust/certificate.ts';
import { buildCrl, toPem } from '../../scripts/pki/certificate-builder.ts';
import { startDemoOcsp } from '../../scripts/pki/index.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';
import { toErrorValue } from '../../core/shared/errors.ts';

let shop: Workshop;
let server: Server | undefined;
let certificate: Certificate;
let issuer: Certificate;

beforeAll(async () => {
  shop = await openWorkshop();
  certificate = parseCertificate(shop.key().certificate);
  issuer = parseCertificate(shop.pki.issuing.certificate);
});
afterAll(() => shop.close());
afterEach(async () => {
  const running = server;
  server = undefined;
  if (!running) return;
  running.closeAllConnections();
  await new Promise<void>((resolve) => running.close(() => resolve()));
});

async function serve(listener: RequestListener, port = 0): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = (url: string, more: Partial<HttpExchange> = {}): Promise<Uint8Array> =>
  exchangeHttp({ url, method: 'GET', deadlineMs: 2000, maximumBytes: 1000, redirects: 2, ...more });

describe('an exchange over HTTP', () => {
  test('follows so many redirects and no more, and never from a POST', async () => {
    const url = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end('there');
    });
    expect(Buffer.from(await get(`${url}/2`)).toString()).toBe('there');
    await expect(get(`${url}/3`)).rejects.toThrow('http.too-many-redirects');
    await expect(get(`${url}/1`, { method: 'POST', body: Buffer.from('x') })).rejects.toThrow(
      'http.status=302',
    );
  });

  test('does not follow out of http', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    });
    await expect(get(url)).rejects.toThrow('http.bad-address');
  });

  test('is cut off when the answer is too large or too slow', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(5000));
      else response.write('…'); // and never ends
    });
    await expect(get(`${url}/large`)).rejects.toThrow('http.too-large');
    await expect(get(`${url}/slow`, { deadlineMs: 200 })).rejects.toThrow('http.no-answer=200');
  });
});

describe('revocation', () => {
  const list = (age = 0): Uint8Array =>
    buildCrl({
      issuer: shop.pki.issuing.name,
      issuerKey: shop.pki.issuing.key,
      thisUpdate: new Date(Date.now() - age - 60_000),
      nextUpdate: new Date(Date.now() - age + 3600_000),
      number: 1,
      revoked: [],
    });

  /** Answers every OCSP question with 503 and every list with `body`. */
  const serveList = (body: string | Uint8Array) =>
    serve((request, response) => {
      if (request.method === 'POST') response.writeHead(503).end();
      else response.end(body);
    }, shop.pki.servicePort);

  test.each(['none', 'random'] as const)('is asked by OCSP, nonce: %s', async (nonce) => {
    const ocsp = await startDemoOcsp(shop.pki);
    const answer = await fetchRevocation(certificate, issuer, new Date(), { nonce }).finally(() =>
      ocsp.close(),
    );
    expect(answer).toMatchObject({ kind: 'ocsp', status: { kind: 'good' } });
    expect(answer.delegate?.fingerprint).toBe(parseCertificate(shop.pki.ocsp.certificate).fingerprint);
  });

  test('of an OCSP answer for another certificate is not known', async () => {
    const ocsp = await startDemoOcsp(shop.pki);
    const other = parseCertificate(shop.pki.tsa.certificate);
    const { bytes } = await fetchRevocation(other, issuer, new Date()).finally(() => ocsp.close());
    await serve((request, response) => {
      if (request.method === 'POST') response.end(bytes);
      else response.writeHead(404).end();
    }, shop.pki.servicePort);
    await expect(fetchRevocation(certificate, issuer, new Date())).rejects.toMatchObject({
      code: 'signing.revocation-unavailable',
      detail: { reason: 'ocsp.other-certificate; http.status=404' },
    });
  });

  test('that cannot be had is told in Vietnamese, every reason of it', async () => {
    await serve((request, response) => {
      if (request.method === 'POST') response.end(Buffer.from('30030a0106', 'hex'));
      else response.end('<html>');
    }, shop.pki.servicePort);
    const thrown = await fetchRevocation(certificate, issuer, new Date()).catch((error: unknown) => error);
    expect(toErrorValue(thrown).message).toContain(
      '(máy chủ OCSP từ chối trả lời; tệp tải về không phải danh sách thu hồi)',
    );
  });

  test('is asked once a batch', async () => {
    const cache = new Map();
    const ocsp = await startDemoOcsp(shop.pki);
    const first = await fetchRevocation(certificate, issuer, new Date(), { cache }).finally(() =>
      ocsp.close(),
    );
    expect(await fetchRevocation(certificate, issuer, new Date(), { cache })).toBe(first);
  });

  test.each(['DER', 'PEM'])('comes from a list as %s when OCSP is away, and is kept as DER', async (form) => {
    const der = list();
    await serveList(form === 'PEM' ? toPem('X509 CRL', der) : der);
    const answer = await fetchRevocation(certificate, issuer, new Date());
    expect(answer).toMatchObject({ kind: 'crl', status: { kind: 'good' } });
    expect(Buffer.from(answer.bytes).equals(der)).toBe(true);
  });

  test.each<[string, () => string | Uint8Array]>([
    ['stale', () => list(24 * 3600_000)],
    ['not a list', () => 'xin chào'],
    [
      'of another issuer',
      () => {
        const { name, key } = shop.pki.root;
        const times = { thisUpdate: new Date(), nextUpdate: new Date(Date.now() + 3600_000) };
        return buildCrl({ issuer: name, issuerKey: key, ...times, number: 1, revoked: [] });
      },
    ],
  ])('of a list that is %s is not known', async (_name, make) => {
    await serveList(make());
    await expect(fetchRevocation(certificate, issuer, new Date())).rejects.toMatchObject({
      code: 'signing.revocation-unavailable',
    });
  });
});
