import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseCertificate } from '../../core/trust/certificate.ts';
import {
  issueCertificate,
  startDemoOcsp,
  startDemoTsa,
  type DemoOcsp,
  type DemoService,
  type IssuedCertificate,
} from '../../scripts/pki/index.ts';
import { codes, only, openWorkshop, type Workshop } from './signed-files.ts';

const minuteMs = 60_000;
let shop: Workshop;
let tsa: DemoService;
let ocsp: DemoOcsp | undefined;
let identity: IssuedCertificate;
let serial: string;
let plain: string;
let stamped: string;

beforeAll(async () => {
  shop = await openWorkshop();
  tsa = await startDemoTsa(shop.pki, { now: () => new Date(Date.now() - 30 * minuteMs) });
  identity = await issueCertificate(shop.pki, {
    subject: [['CN', 'Ủy ban nhân dân xã Thu Hồi (mẫu)']],
    notBefore: new Date(Date.now() - 60 * minuteMs),
    notAfter: new Date(Date.now() + 60 * minuteMs),
  });
  ({ serial } = parseCertificate(identity.certificate));
  const key = shop.key(identity);
  plain = await shop.sign(shop.letter, 'plain.pdf', { key });
  stamped = await shop.sign(shop.letter, 'stamped.pdf', { key, level: 'B-T', tsa: { url: tsa.url } });
  await tsa.close();
});

beforeEach(async () => {
  await ocsp?.close();
  ocsp = await startDemoOcsp(shop.pki, { lists: 'withheld' });
});

afterAll(async () => {
  await ocsp?.close();
  await shop.close();
});

const ask = async (file: string) => await shop.verify(file, { revocation: 'ask' });

it('a good answer for leaf and authority settles the matter', async () => {
  const report = await ask(plain);
  expect(report).toMatchObject({ verdict: 'valid', advice: 'register' });
  expect(only(report)).toMatchObject({ revocation: 'good', revocationSource: 'fetched' });
  expect(codes(only(report))).not.toContain('verify.revocation-unchecked');
});

it('nobody there: to be tried again, the clerk may go on provisionally', async () => {
  await ocsp?.close();
  ocsp = undefined;
  const report = await ask(plain);
  expect(report).toMatchObject({ verdict: 'indeterminate', advice: 'provisional' });
  expect(only(report)).toMatchObject({ subIndication: 'TRY_LATER', revocation: 'unknown' });
  expect(codes(only(report))).toContain('verify.revocation-unchecked');
});

it('an answer "unknown" is no answer', async () => {
  ocsp?.setStatus(serial, { kind: 'unknown' });
  expect(only(await ask(plain)).subIndication).toBe('TRY_LATER');
});

it('revoked without a proven time: nobody knows', async () => {
  ocsp?.setStatus(serial, { kind: 'revoked', at: new Date(Date.now() - 5 * minuteMs) });
  const report = await ask(plain);
  expect(report).toMatchObject({ verdict: 'indeterminate', advice: 'decide' });
  expect(only(report)).toMatchObject({ subIndication: 'REVOKED_NO_POE', revocation: 'revoked' });
});

it('revoked before the timestamp: not valid', async () => {
  ocsp?.setStatus(serial, { kind: 'revoked', at: new Date(Date.now() - 45 * minuteMs) });
  const report = await ask(stamped);
  expect(report).toMatchObject({ verdict: 'invalid', advice: 'return' });
  expect(only(report)).toMatchObject({ subIndication: 'REVOKED' });
});

it('revoked after the timestamp: valid', async () => {
  ocsp?.setStatus(serial, { kind: 'revoked', at: new Date(Date.now() - 5 * minuteMs) });
  expect(await ask(stamped)).toMatchObject({ verdict: 'valid', advice: 'register' });
});

it('an authority that was revoked breaks the chain', async () => {
  const authority = parseCertificate(shop.pki.issuing.certificate).serial;
  ocsp?.setStatus(authority, { kind: 'revoked', at: new Date(Date.now() - 5 * minuteMs) });
  expect(only(await ask(plain)).subIndication).toBe('REVOKED_CA_NO_POE');
});

it.each<[string, () => Promise<DemoOcsp>]>([
  [
    'a responder without the OCSPSigning purpose',
    () => startDemoOcsp({ ...shop.pki, ocsp: identity }, { lists: 'withheld' }),
  ],
  [
    'a responder of another house',
    () =>
      startDemoOcsp({ ...shop.pki, ocsp: { ...shop.pki.ocsp, key: identity.key } }, { lists: 'withheld' }),
  ],
  [
    'a stale answer',
    () => startDemoOcsp(shop.pki, { lists: 'withheld', now: () => new Date(Date.now() - 3 * 3600_000) }),
  ],
])('%s is not believed', async (_name, start) => {
  await ocsp?.close();
  ocsp = await start();
  expect(only(await ask(plain))).toMatchObject({ subIndication: 'TRY_LATER', revocation: 'unknown' });
});

it('where the responder knows nothing, the revocation list tells', async () => {
  await ocsp?.close();
  ocsp = await startDemoOcsp(shop.pki);
  ocsp.setStatus(serial, { kind: 'unknown' });
  expect(only(await ask(plain))).toMatchObject({ revocation: 'good', revocationSource: 'fetched' });
});
