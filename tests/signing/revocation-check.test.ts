import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RevocationCheck } from '../../core/signing/revocation-check.ts';
import { parseCertificate, type Certificate } from '../../core/trust/certificate.ts';
import { buildCertificate } from '../../scripts/pki/certificate-builder.ts';
import { startDemoOcsp } from '../../scripts/pki/index.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
let issuer: Certificate;
let certificate: Uint8Array;
beforeAll(async () => {
  shop = await openWorkshop();
  certificate = shop.key().certificate;
  issuer = parseCertificate(shop.pki.issuing.certificate);
});
afterAll(() => shop.close());

let monotonic = 0;
const later = (minutes: number): number => (monotonic += minutes * 60_000);
let check: RevocationCheck;
beforeEach(() => void (check = open()));
/** Of a patience that no test waits out unless it says so. */
const open = (patienceMs = 60_000): RevocationCheck =>
  new RevocationCheck({ now: () => new Date(), monotonic: () => monotonic }, { patienceMs });
const ask = (of = check) => of.assertNotRevoked(certificate, [], async () => [issuer]);

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});
async function serve(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(shop.pki.servicePort, '127.0.0.1', resolve));
}

test('a good certificate is asked about once for a batch, and its answer outlives the responder', async () => {
  const ocsp = await startDemoOcsp(shop.pki);
  await Promise.all([ask(), ask(), ask()]).finally(() => ocsp.close());
  expect(await ask()).toBeUndefined();
  later(9);
  expect(await ask()).toBeUndefined();
});

test('a revoked one stops the signature; one that was on hold signs again', async () => {
  const { serial } = parseCertificate(certificate);
  const strict = await startDemoOcsp(shop.pki);
  strict.setStatus(serial, { kind: 'revoked', at: new Date(Date.now() - 60_000) });
  await expect(ask().finally(() => strict.close())).rejects.toMatchObject({
    code: 'signing.certificate-revoked',
  });
  const kind = await startDemoOcsp(shop.pki);
  try {
    await expect(ask()).rejects.toMatchObject({ code: 'signing.certificate-revoked' });
    later(11);
    expect(await ask()).toBeUndefined();
  } finally {
    await kind.close();
  }
});

test('nobody there is a warning, and asked again only after a while', async () => {
  let asked = 0;
  await serve((_request, response) => {
    asked++;
    response.writeHead(503).end();
  });
  for (let file = 0; file < 5; file++)
    expect(await ask()).toMatchObject({
      code: 'signing.revocation-not-asked',
      detail: { reason: 'http.status=503' },
    });
  const once = asked;
  later(11);
  await ask();
  expect(asked).toBe(2 * once);
});

test('a responder that does not answer delays the signature for so long and no longer', async () => {
  await serve(() => undefined);
  const warning = await ask(open(50));
  expect(warning?.code).toBe('signing.revocation-not-asked');
  expect(warning?.detail?.['reason']).toContain('http.no-answer=50');
});

test('a question that never ends delays the first signature, and not every one after it', async () => {
  const slow = open(50);
  const never = () => slow.assertNotRevoked(certificate, [], () => new Promise<never>(() => undefined));
  expect(await never()).toMatchObject({ code: 'signing.revocation-not-asked' });
  const kept = new Promise((resolve) => setImmediate(resolve, 'kept waiting'));
  expect(await Promise.race([never(), kept])).toMatchObject({ code: 'signing.revocation-not-asked' });
});

test('an answer of somebody else says nothing, least of all that the certificate is revoked', async () => {
  const stranger = await openWorkshop();
  try {
    const warning = await check.assertNotRevoked(certificate, [], async () => [
      parseCertificate(stranger.pki.issuing.certificate),
    ]);
    expect(warning).toMatchObject({
      code: 'signing.revocation-not-asked',
      detail: { reason: 'chain.not-found' },
    });
  } finally {
    await stranger.close();
  }
});

test('a certificate that names nobody to ask is signed with and not spoken of', async () => {
  const { key } = shop.pki.issuing;
  const bare = buildCertificate({
    subject: [['CN', 'Văn thư']],
    subjectKey: key,
    issuer: shop.pki.issuing.name,
    issuerKey: key,
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [],
  });
  expect(await check.assertNotRevoked(bare, [], async () => [issuer])).toBeUndefined();
});

test('whatever cannot be read keeps nobody from signing', async () => {
  expect(await check.assertNotRevoked(Buffer.of(1, 2, 3), [], async () => [])).toBeUndefined();
  expect(
    await check.assertNotRevoked(certificate, [Buffer.of(0x30)], async () => {
      throw new Error('a folder is gone');
    }),
  ).toMatchObject({ code: 'signing.revocation-not-asked' });
});
