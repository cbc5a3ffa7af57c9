import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentDetail } from '../../core/contract/document.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { extendedKeyUsageExtension, keyUsageExtension } from '../../scripts/pki/certificate-builder.ts';
import { issueCertificate, startDemoOcsp, startDemoTsa } from '../../scripts/pki/index.ts';
import { changeSettings, Office, until } from '../bad-input/office.ts';

/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:1/';
const DAY_MS = 24 * 3_600_000;

let office: Office;
/** What the engine's clock is ahead of the real one. */
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  const clock = {
    now: () => new Date(Date.now() + aheadMs),
    monotonic: () => systemClock.monotonic(),
  };
  office = await Office.create({ clock });
});
afterEach(() => office.close());

type Signing = Parameters<typeof changeSettings>[1]['signing'];

async function reopenWith(signing: Signing): Promise<void> {
  await office.engine.close();
  changeSettings(office.workplace.dataDir, { signing });
  await office.open();
}

async function enter(urgency: 'thuong' | 'khan' = 'thuong'): Promise<string> {
  const letter = await office.goodLetter();
  const { documentId } = await office.accept(await office.put(letter.name, letter.bytes), { urgency });
  return documentId;
}

const detail = (id: string): Promise<DocumentDetail> => office.engine.call('document.get', { id });

/** The document once it looks like this. */
function once(what: string, id: string, is: (document: DocumentDetail) => boolean): Promise<DocumentDetail> {
  let last: DocumentDetail | undefined;
  const seen = until(what, async () => {
    last = await detail(id);
    return is(last) ? last : undefined;
  });
  return seen.catch((thrown: unknown) => {
    throw new Error(
      `${String(thrown)}: ${JSON.stringify([last?.jobs, last?.outbox.map(({ state, error }) => [state, error])])}`,
    );
  });
}

const pendingNow = (document: DocumentDetail): boolean =>
  document.jobs.some(({ kind, state }) => kind === 'document.extend' && state === 'waiting');
const sent = (document: DocumentDetail): boolean =>
  document.outbox.length > 0 && document.outbox.every(({ state }) => state === 'acked');
const sealedOf = ({ objects }: DocumentDetail) => objects.filter(({ role }) => role === 'sealed');
const bytesOf = async (sha256: string): Promise<Buffer> =>
  readFile((await office.engine.call('document.object-path', { sha256 })).path);
const records = () => office.workplace.server.records().map(({ record }) => record);

async function expectExtended(document: DocumentDetail): Promise<void> {
  const [first, second] = sealedOf(document);
  const [before, after] = [await bytesOf(first?.sha256 ?? ''), await bytesOf(second?.sha256 ?? '')];
  expect(after.length).toBeGreaterThan(before.length);
  expect(after.subarray(0, before.length).equals(before)).toBe(true);
  const raised = document.history.find(({ action }) => action === 'document.raised');
  expect(raised?.data).toMatchObject({
    sha256: second?.sha256,
    extends: first?.sha256,
    prefixSha256: first?.sha256,
    prefixBytes: before.length,
  });
  expect(document.checks.at(-1)).toMatchObject({ sha256: second?.sha256, report: { verdict: 'valid' } });
}

describe('a TSA that is away costs the level, never the signature', () => {
  test('the document goes out at B-B at once, is raised when the TSA answers, and the province gets the higher file as a correction', async () => {
    await reopenWith({ tsaUrl: NOBODY });
    const id = await enter();
    const low = await once('the document to be sent at B-B', id, (now) => sent(now) && pendingNow(now));
    expect(low.level).toEqual({ reached: 'B-B', wanted: 'B-T', pending: true });
    expect(low.arrival).toMatchObject({ documentState: 'sealed', levelPending: true });
    expect(low.jobs.find(({ kind }) => kind === 'document.extend')?.error?.code).toBe(
      'signing.level-pending',
    );
    const { counts } = await office.engine.call('engine.status', {});
    expect(counts.waitingForLevel).toBe(1);
    const { services } = await office.engine.call('services.status', {});
    expect(services.find(({ name }) => name === 'tsa')).toMatchObject({
      state: 'unavailable',
      detail: { waiting: 1 },
    });

    await office.engine.call('settings.set', { signing: { tsaUrl: office.workplace.tsaUrl } });
    const high = await once(
      'the level to be reached',
      id,
      (now) => now.level?.pending === false && now.outbox.length === 2 && sent(now),
    );
    expect(high.level).toEqual({ reached: 'B-T', wanted: 'B-T', pending: false });
    expect(sealedOf(high)).toHaveLength(2);
    await expectExtended(high);
    expect(records().map(({ action, object }) => [action, object.sha256])).toEqual([
      ['register', sealedOf(high)[0]?.sha256],
      ['correct', sealedOf(high)[1]?.sha256],
    ]);
    // Nothing more comes of it.
    await office.engine.call('document.retry', { id });
    await office.engine.call('engine.settled', { timeoutMs: 20_000 });
    expect(sealedOf(await detail(id))).toHaveLength(2);
    expect(records()).toHaveLength(2);
  });

  test('an office that waits for the level sends one file, the higher one; what is urgent does not wait', async () => {
    await reopenWith({ tsaUrl: NOBODY, sending: 'wait-for-level' });
    const id = await enter();
    const urgent = await enter('khan');
    await once('the urgent document to be sent', urgent, sent);
    const low = await once('the level to be pending', id, pendingNow);
    expect(low.outbox).toEqual([]);
    await office.engine.call('settings.set', { signing: { tsaUrl: office.workplace.tsaUrl } });
    const high = await once('the document to be sent', id, sent);
    expect(high.outbox).toHaveLength(1);
    await expectExtended(high);
    const mine = records().filter(({ object }) =>
      sealedOf(high).some(({ sha256 }) => sha256 === object.sha256),
    );
    expect(mine).toMatchObject([{ action: 'register', object: { sha256: sealedOf(high)[1]?.sha256 } }]);
  });

  test('a record that nobody tried to send yet is replaced: the province sees the higher file alone', async () => {
    await office.engine.close();
    const { url } = office.workplace.server;
    changeSettings(office.workplace.dataDir, { signing: { tsaUrl: NOBODY }, sync: { serverUrl: NOBODY } });
    await office.open();
    const id = await enter();
    const low = await once(
      'the level to be pending',
      id,
      (now) => pendingNow(now) && now.outbox.length === 1,
    );
    expect(low.outbox).toMatchObject([{ state: 'pending', attempts: 0 }]);
    await office.engine.close();
    changeSettings(office.workplace.dataDir, {
      signing: { tsaUrl: office.workplace.tsaUrl },
      sync: { serverUrl: NOBODY },
    });
    await office.open();
    const raised = await once('the level to be reached', id, ({ level }) => level?.pending === false);
    expect(raised.outbox).toMatchObject([{ id: low.outbox[0]?.id, attempts: 0 }]);
    await office.engine.close();
    changeSettings(office.workplace.dataDir, { sync: { serverUrl: url } });
    await office.open();
    const high = await once('the document to be sent', id, sent);
    expect(records().map(({ action, object }) => [action, object.sha256])).toEqual([
      ['register', sealedOf(high)[1]?.sha256],
    ]);
  });
});

describe('long-term evidence', () => {
  test('a responder that is away costs B-LT, not the timestamp; the document is raised when it answers', async () => {
    const { ocsp, pki } = office.workplace;
    await ocsp.close();
    await reopenWith({ level: 'B-LT' });
    const id = await enter();
    const low = await once('B-T to be sent', id, (now) => sent(now) && pendingNow(now));
    expect(low.level).toEqual({ reached: 'B-T', wanted: 'B-LT', pending: true });
    expect(low.jobs.find(({ kind }) => kind === 'document.extend')?.error?.detail?.['level']).toBe('B-T');
    const again = await startDemoOcsp(pki);
    try {
      await office.engine.call('document.retry', { id });
      const high = await once(
        'B-LT',
        id,
        (now) => now.level?.pending === false && now.outbox.length === 2 && sent(now),
      );
      expect(high.level?.reached).toBe('B-LT');
      await expectExtended(high);
      expect(records().map(({ action }) => action)).toEqual(['register', 'correct']);
    } finally {
      await again.close();
    }
  });

  test('a revoked certificate seals nothing: the document waits for another one', async () => {
    const { ocsp, pki } = office.workplace;
    const [certificate] = readCertificates(await readFile(pki.agency.certificate));
    ocsp.setStatus(certificate?.serial ?? '', { kind: 'revoked', at: new Date(Date.now() - 60_000) });
    await reopenWith({ level: 'B-B' });
    const id = await enter();
    const waiting = await once('the job to be refused', id, ({ jobs }) =>
      jobs.some(({ error }) => error?.code === 'signing.certificate-revoked'),
    );
    expect(waiting.jobs.find(({ kind }) => kind === 'document.sign')).toMatchObject({ state: 'waiting' });
    expect(sealedOf(waiting)).toEqual([]);
  });

  test('a document is sealed and raised to B-LTA, and renewed before the last timestamp ends', async () => {
    const { pki } = office.workplace;
    const now = Date.now();
    const authority = (name: string, days: number) =>
      issueCertificate(pki, {
        subject: [['CN', name]],
        notBefore: new Date(now - DAY_MS),
        notAfter: new Date(now + days * DAY_MS),
        extensions: [
          keyUsageExtension(['digitalSignature']),
          extendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'], 'critical'),
        ],
      });
    const short = await startDemoTsa({ ...pki, tsa: await authority('TSA MẪU ngắn hạn', 2) });
    const long = await startDemoTsa({ ...pki, tsa: await authority('TSA MẪU dài hạn', 300) });
    try {
      await reopenWith({ level: 'B-LTA', tsaUrl: short.url });
      const id = await enter();
      const sealed = await once(
        'B-LTA',
        id,
        (document) => document.level?.reached === 'B-LTA' && sent(document),
      );
      await expectExtended(sealed);
      expect(records()).toMatchObject([
        { action: 'register', object: { sha256: sealedOf(sealed)[1]?.sha256 } },
      ]);
      const job = sealed.jobs.find(({ kind }) => kind === 'document.renew');
      const due = new Date(job?.nextAt ?? 0).getTime() - now;
      expect(due / DAY_MS).toBeCloseTo(1.5, 1);

      // The day comes, but the authority has no newer certificate: nothing is added, and it is tried again.
      aheadMs = 1.6 * DAY_MS;
      await reopenWith({});
      const waiting = await once('the renewal to wait', id, ({ jobs }) =>
        jobs.some(({ kind, state }) => kind === 'document.renew' && state === 'waiting'),
      );
      expect(sealedOf(waiting)).toHaveLength(2);
      await office.engine.call('settings.set', { signing: { tsaUrl: long.url } });
      const renewed = await once('the renewal', id, ({ history }) =>
        history.some(({ action }) => action === 'document.renewed'),
      );
      const [, second, third] = sealedOf(renewed);
      const [before, after] = [await bytesOf(second?.sha256 ?? ''), await bytesOf(third?.sha256 ?? '')];
      expect(after.subarray(0, before.length).equals(before)).toBe(true);
      const { report } = await office.engine.call('document.verify', { id });
      expect(report.verdict).toBe('valid');
      expect(report.signatures.filter(({ kind }) => kind === 'document-timestamp')).toHaveLength(2);
      const asleep = await once('the next renewal', id, ({ jobs }) =>
        jobs.some(({ kind, state }) => kind === 'document.renew' && state === 'ready'),
      );
      const next = new Date(asleep.jobs.find(({ kind }) => kind === 'document.renew')?.nextAt ?? 0).getTime();
      expect((next - now) / DAY_MS).toBeGreaterThan(100);
      // The archive is ours; the province has what it was sent.
      expect(records()).toHaveLength(1);
    } finally {
      await short.close();
      await long.close();
    }
  });
});
