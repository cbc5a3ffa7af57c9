import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeTimestampRequest, readTimestampInfo } from '../../core/signing/timestamp-message.ts';
import { requestTimestamp } from '../../core/signing/timestamp-client.ts';
import { loopbackPort } from '../../scripts/lib/loopback-port.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';
import { startTestTsa, type TestTsaOptions } from '../lib/test-tsa.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-tsa-'));
let pki: TestPki;
beforeAll(() => {
  pki = makeTestPki(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const data = Buffer.from('chữ ký');
const digest = createHash('sha256').update(data).digest();

async function ask(options: TestTsaOptions, deadlineMs = 5000): Promise<Uint8Array> {
  const tsa = await startTestTsa(pki, options);
  try {
    return await requestTimestamp({ url: tsa.url, digest, deadlineMs });
  } finally {
    await tsa.close();
  }
}

test('the token that comes back is accepted by openssl ts', async () => {
  const token = await ask({});
  writeFileSync(join(dir, 'token.der'), token);
  writeFileSync(join(dir, 'data.bin'), data);
  const verify = [
    'ts',
    '-verify',
    '-data',
    join(dir, 'data.bin'),
    '-in',
    join(dir, 'token.der'),
    '-token_in',
  ];
  execFileSync('openssl', [...verify, '-CAfile', pki.rootPem, '-untrusted', pki.issuingPem], {
    stdio: 'pipe',
  });
  const info = readTimestampInfo(token);
  expect(Buffer.from(info.imprint).equals(digest)).toBe(true);
  expect(info.policy).toBe('1.2.3.4.1');
  expect(Math.abs(info.time.getTime() - Date.now())).toBeLessThan(60_000);
});

test('our request is what openssl reads as a query with nonce and certificate request', () => {
  writeFileSync(
    join(dir, 'ours.tsq'),
    encodeTimestampRequest(digest, Buffer.from('0102030405060708', 'hex')),
  );
  const text = execFileSync('openssl', ['ts', '-query', '-in', join(dir, 'ours.tsq'), '-text'], {
    encoding: 'utf8',
  });
  expect(text).toContain('Hash Algorithm: sha256');
  expect(text).toContain('Nonce: 0x0102030405060708');
  expect(text).toContain('Certificate required: yes');
  expect(readFileSync(join(dir, 'ours.tsq')).subarray(0, 5).toString('hex')).toBe('3043020101');
});

test.each<[string, TestTsaOptions, string, string]>([
  ['for another digest', { query: () => Buffer.from(encodeTimestampRequest(Buffer.alloc(32), Buffer.from([1]))) }, 'signing.tsa-refused', 'tsa.other-imprint'],
  ['with another nonce', { query: () => Buffer.from(encodeTimestampRequest(digest, Buffer.from([1]))) }, 'signing.tsa-refused', 'tsa.other-nonce'],
  ['that refuses the query', { query: () => Buffer.from('3003020101', 'hex') }, 'signing.tsa-refused', 'tsa.status=2; tsa.said=Bad request format or system error.'],
  ['that is no DER', { reply: () => Buffer.from('<html>') }, 'signing.tsa-refused', 'tsa.unreadable'],
  ['that is cut off', { reply: (reply) => reply.subarray(0, 100) }, 'signing.tsa-refused', 'tsa.unreadable'],
  ['with an HTTP error', { status: 503 }, 'signing.tsa-unavailable', 'http.status=503'],
  ['that is endless', { reply: () => Buffer.alloc(3_000_000) }, 'signing.tsa-unavailable', 'http.too-large'],
])('an answer %s is not a timestamp', async (_, options, code, reason) => {
  await expect(ask(options)).rejects.toMatchObject({
    code,
    detail: { reason },
  });
}); // prettier-ignore

test('a server that does not answer in time counts as unavailable', async () => {
  await expect(ask({ delayMs: 2000 }, 100)).rejects.toMatchObject({
    code: 'signing.tsa-unavailable',
    detail: { reason: 'http.no-answer=100' },
  });
});

test('a server that is not there counts as unavailable, an address that is none as refused', async () => {
  const port = await loopbackPort();
  await expect(requestTimestamp({ url: `http://127.0.0.1:${port}/`, digest })).rejects.toMatchObject({
    code: 'signing.tsa-unavailable',
    detail: { reason: 'http.failed=ECONNREFUSED' },
  });
  await expect(requestTimestamp({ url: 'file:///etc/passwd', digest })).rejects.toMatchObject({
    code: 'signing.tsa-refused',
  });
});
