import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { demoAgency } from '../../scripts/demo/workplace.ts';
import type { MisbehaviourPlan } from '../../scripts/provincial-server/misbehaviour.ts';
import { type ProvincialServer, startProvincialServer } from '../../scripts/provincial-server/server.ts';
import { softwareKey } from '../../scripts/lib/software-key.ts';
import { letterPdf, packageOf } from '../kill/stimuli.ts';
import { changeSettings, expectShown, Office, until } from './office.ts';

let office: Office;
let server: ProvincialServer;
beforeAll(async () => {
  // Rounds are the test's: one that came by itself would meet the fault that is meant for another.
  office = await Office.create({ settings: { sync: { everySeconds: 3600 } } });
  server = office.workplace.server;
});
afterAll(async () => {
  if (server !== office.workplace.server) await server.close();
  await office.close();
});

/** Starts the province again on its own disk and port. */
async function restartProvince(): Promise<void> {
  const { root, officeId } = office.workplace;
  server = await startProvincialServer({
    dir: join(root, 'province'),
    port: Number(new URL(server.url).port),
    offices: [
      {
        officeId,
        secret: await readFile(join(root, 'server-secret'), 'utf8'),
        organId: demoAgency.organId,
        organName: demoAgency.name,
      },
    ],
  });
}

const entriesOf = async (documentId: string) =>
  (await office.engine.call('document.get', { id: documentId })).outbox;

const recordsAbout = (documentIds: readonly string[]) =>
  Promise.all(
    documentIds.map(async (id) => {
      const [entry] = await entriesOf(id);
      return server.records().filter(({ record }) => record.operationId === entry?.id).length;
    }),
  );

/** A letter up to its entry in the outbox while the province does what it is told to. */
async function documentWhile(plan: MisbehaviourPlan): Promise<string> {
  const item = await office.expectGoesOn();
  server.misbehave(plan);
  const { documentId } = await office.accept(item);
  await until('a try to send', async () => {
    const [entry] = await entriesOf(documentId);
    return entry && (entry.attempts > 0 || entry.state === 'acked') && entry.state !== 'sending'
      ? entry
      : undefined;
  });
  return documentId;
}

const faults: readonly (readonly [string, MisbehaviourPlan, RegExp])[] = [
  ['fails with 500', { script: [{ fault: 'status-500', path: '/v1/objects' }] }, /^sync\.server-busy$/],
  [
    'answers nonsense',
    { script: [{ fault: 'nonsense', path: '/v1/arrival-records' }] },
    /^sync\.server-nonsense$/,
  ],
  [
    'confirms another hash',
    { script: [{ fault: 'wrong-hash', path: '/v1/arrival-records' }] },
    /^sync\.(wrong-receipt|server-nonsense)$/,
  ],
  [
    'confirms another operation',
    { script: [{ fault: 'wrong-operation', path: '/v1/arrival-records' }] },
    /^sync\.(wrong-receipt|server-nonsense)$/,
  ],
  [
    'hangs up after it stored the record',
    { script: [{ fault: 'drop-after', path: '/v1/arrival-records' }] },
    /^sync\.server-away$/,
  ],
];

describe('a province that', () => {
  it.for(faults)(
    '%s: the document stays in the queue with its reason and arrives once',
    async ([, plan, code]) => {
      const documentId = await documentWhile(plan);
      const [entry] = await entriesOf(documentId);
      expect(entry?.state).toBe('pending');
      expect(entry?.receipt).toBeNull();
      expect(entry?.error?.code).toMatch(code);
      expectShown(entry?.error, entry?.error?.code as 'sync.refused');
      server.misbehave({});
      await office.engine.call('sync.run', {});
      expect((await entriesOf(documentId))[0]?.state).toBe('acked');
      expect(await recordsAbout([documentId])).toEqual([1]);
    },
  );

  it('fails for one document lets the next one through', async () => {
    const first = await documentWhile({
      script: [{ fault: 'status-500', path: '/v1/arrival-records', times: 50 }],
    });
    const second = await documentWhile({
      script: [{ fault: 'status-500', path: '/v1/arrival-records', times: 50 }],
    });
    // One more failure is left: the round's first operation meets it, its second does not.
    server.misbehave({ script: [{ fault: 'status-500', path: '/v1/arrival-records', times: 1 }] });
    const round = await office.engine.call('sync.run', {});
    expect([round.sent, round.failed]).toEqual([1, 1]);
    server.misbehave({});
    await office.engine.call('sync.run', {});
    expect(await recordsAbout([first, second])).toEqual([1, 1]);
  });

  it('is away keeps everything in the queue, is shown, and gets it once when it is back', async () => {
    const item = await office.expectGoesOn();
    await server.close();
    const { documentId } = await office.accept(item);
    await until('the entry in the outbox', async () => (await entriesOf(documentId))[0]);
    const { status } = await office.engine.call('sync.run', {});
    expect(status.online).toBe(false);
    expectShown(status.lastError, 'sync.server-away');
    expect(status.pending).toBe(1);
    await office.expectGoesOn();
    await restartProvince();
    const after = await office.engine.call('sync.run', {});
    expect(after.status.online).toBe(true);
    expect(await recordsAbout([documentId])).toEqual([1]);
  });
});

describe('the inbox at the province', () => {
  const received = (documentOrHash: string) =>
    until(`package ${documentOrHash}`, async () => {
      const { items } = await office.engine.call('intake.list', { limit: 500 });
      return items.find(
        (item) =>
          item.sha256 === documentOrHash &&
          ['proposed', 'failed', 'held', 'quarantined'].includes(item.state),
      );
    });

  async function fetched(edxml: Uint8Array | string) {
    const bytes = Buffer.from(edxml);
    await server.inboxPut(office.workplace.officeId, bytes);
    await office.engine.call('sync.run', {});
    return received(createHash('sha256').update(bytes).digest('hex'));
  }

  it('fetches the others when one package arrives spoiled, and that one later', async () => {
    const [first, second] = [packageOf(901, await letterPdf(901)), packageOf(902, await letterPdf(902))];
    server.misbehave({ script: [{ fault: 'corrupt-package', path: '/v1/inbox/' }] });
    await server.inboxPut(office.workplace.officeId, first);
    await server.inboxPut(office.workplace.officeId, second);
    const round = await office.engine.call('sync.run', {});
    expect([round.fetched, round.failed]).toEqual([1, 1]);
    expectShown(round.status.lastError, 'sync.hash-mismatch');
    const next = await office.engine.call('sync.run', {});
    expect(next.fetched).toBe(1);
    for (const bytes of [first, second]) {
      expect((await received(createHash('sha256').update(bytes).digest('hex'))).state).toBe('proposed');
    }
  });

  it('stops a package with an external entity', async () => {
    const text = packageOf(903, await letterPdf(903)).toString('utf8');
    const start = text.indexOf('?>') + 2;
    const hostile = `${text.slice(0, start)}<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>${text.slice(start)}`;
    const item = await fetched(hostile);
    expect(item.state).toBe('failed');
    expectShown(item.error, 'sync.edxml-hostile');
    await office.expectGoesOn();
  });

  it('stops a package that grows without end', async () => {
    const text = packageOf(904, await letterPdf(904)).toString('utf8');
    const start = text.indexOf('?>') + 2;
    const entities = Array.from({ length: 12 }, (_, n) =>
      n === 0 ? '<!ENTITY e0 "ha">' : `<!ENTITY e${n} "${`&e${n - 1};`.repeat(10)}">`,
    ).join('');
    const item = await fetched(`${text.slice(0, start)}<!DOCTYPE x [${entities}]>${text.slice(start)}`);
    expect(item.state).toBe('failed');
    expectShown(item.error, 'sync.edxml-hostile');
    await office.expectGoesOn();
  });

  it('refuses what is no package', async () => {
    const item = await fetched('đây không phải gói tin');
    expect(item.state).toBe('failed');
    expectShown(item.error, 'sync.edxml-invalid');
  });

  it('does not let a document be registered whose signature was broken on the way', async () => {
    const { root, pki, tsaUrl } = office.workplace;
    const paths = { inputPath: join(root, 'chua-ky.pdf'), outputPath: join(root, 'da-ky.pdf') };
    writeFileSync(paths.inputPath, await letterPdf(905));
    const key = await softwareKey({ ...pki.sender, chain: pki.chainPath });
    await signPdf({
      ...paths,
      key,
      level: 'B-T',
      tsa: { url: tsaUrl },
      signingTime: new Date().toISOString(),
    });
    const signed = await readFile(paths.outputPath);
    const intact = await fetched(packageOf(905, signed));
    expect(intact.verification?.verdict).toBe('valid');
    // One bit inside the first page content or font that was signed: nothing of the file's structure.
    const broken = Buffer.from(signed);
    const at = broken.indexOf('stream\n') + 40;
    broken.writeUInt8(broken.readUInt8(at) ^ 1, at);
    const item = await fetched(packageOf(906, broken));
    expect(item.verification?.verdict).toBe('invalid');
    await expect(office.accept(item)).rejects.toMatchObject({ code: 'register.signature-refused' });
    expect((await office.engine.call('intake.get', { id: item.id })).arrivalId).toBeNull();
  });
});

describe('an office without an account at the province', () => {
  it('signs and archives, and sends what it sealed once there is an account', async () => {
    const later = await Office.create({ settings: { sync: { officeId: null } } });
    try {
      const { documentId } = await later.accept(await later.expectGoesOn());
      const job = await until('the upload to wait', async () => {
        const { jobs } = await later.engine.call('document.get', { id: documentId });
        return jobs.find(({ kind, state }) => kind === 'document.upload' && state === 'waiting');
      });
      expectShown(job.error, 'sync.no-account');
      expect(later.workplace.server.records()).toEqual([]);

      await later.engine.close();
      changeSettings(later.workplace.dataDir, { sync: { officeId: later.workplace.officeId } });
      await later.open();
      await until('the receipt', async () => {
        const { outbox } = await later.engine.call('document.get', { id: documentId });
        return outbox.find(({ state }) => state === 'acked');
      });
      expect(later.workplace.server.records()).toHaveLength(1);
    } finally {
      await later.close();
    }
  });
});
