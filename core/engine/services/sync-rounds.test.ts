import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { commune } from '../../../tests/sync/office.ts';
import { statusOf } from '../../../tests/sync/packages.ts';
import { IntakeRecords } from '../../intake/intake-records.ts';
import { AnThuError } from '../../shared/errors.ts';
import { JobQueue } from '../../store/job-queue.ts';
import { ObjectStore } from '../../store/object-store.ts';
import type { ProvincialConnector } from '../../sync/connector.ts';
import type { MalformedItem } from '../../sync/inbox-listing.ts';
import { Inbox } from '../../sync/inbox.ts';
import { Outbox } from '../../sync/outbox.ts';
import { patchSettings, readSettings } from '../settings.ts';
import { takeReceipt } from './operation-outcome.ts';
import { SyncRounds } from './sync-rounds.ts';

let office: SampleOffice;
let outbox: Outbox;
let rounds: SyncRounds;
/** What the province was asked, in order. */
let asked: string[];
let emit: () => void;
/** A transfer that takes its time. */
let held: Promise<void> | undefined;
/** What happens while it is asked. */
let meanwhile: Map<string, () => void>;
/** What it answers with instead, by what it is asked. */
let refusals: Map<string, AnThuError>;
let offered: string[];
let malformed: MalformedItem[];

const busy = (status: number, retryAfterSeconds = 120) =>
  new AnThuError('sync.server-busy', { status, retryAfterSeconds });

/** The province notes what it is asked and says no where a test wants it to. */
function ask(what: string): void {
  asked.push(what);
  meanwhile.get(what)?.();
  const refusal = refusals.get(what);
  if (refusal) throw refusal;
}

const content = (id: string) => Buffer.from(`<edXML>${id}</edXML>`);
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const connector: ProvincialConnector = {
  health: async () => {
    ask('health');
    const time = office.clock.now().toISOString();
    return { protocol: 'an-thu-province/1', serverName: 'Tỉnh A', testPartner: true, time };
  },
  uploadObject: ({ sha256, bytes }) => Promise.resolve({ sha256, have: bytes, complete: true }),
  sendArrivalRecord: () => Promise.reject(new Error('not here')),
  sendEdxml: () => Promise.reject(new Error('not here')),
  sendStatus: async (operationId, { description }) => {
    ask(description ?? '');
    return {
      kind: 'status',
      operationId,
      sha256: '0'.repeat(64),
      objectSha256: null,
      receivedAt: '2026-03-02T01:00:00Z',
      serverSequence: 1,
      serverName: 'Tỉnh A',
    };
  },
  listInbox: async () => {
    ask('list');
    const items = offered.map((id, at) => {
      const sha256 = sha256Of(content(id));
      const bytes = content(id).length;
      const receivedAt = '2026-03-02T01:00:00Z';
      return { id, sequence: at + 1, kind: 'package' as const, documentId: id, sha256, bytes, receivedAt };
    });
    return { items, malformed };
  },
  fetchPackage: async ({ id }, toPath) => {
    ask(`fetch ${id}`);
    await held;
    await writeFile(toPath, content(id));
  },
  acknowledgePackage: async ({ id }) => {
    ask(`ack ${id}`);
    offered = offered.filter((other) => other !== id);
  },
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  office = await SampleOffice.open();
  const { database, clock, audit, folder } = office;
  outbox = new Outbox(database, clock);
  emit = () => undefined;
  held = undefined;
  meanwhile = new Map();
  [asked, offered, malformed, refusals] = [[], [], [], new Map()];
  rounds = new SyncRounds({
    actor: 'chị Lan',
    audit,
    clock,
    connector: () => connector,
    database,
    emit: () => emit(),
    inbox: new Inbox(database, clock),
    intake: new IntakeRecords(database, clock),
    jobs: new JobQueue(database, clock, { parallel: 0 }),
    objects: new ObjectStore(folder),
    outbox,
    settings: () => patchSettings(readSettings(database), { sync: { everySeconds: 60 } }),
  });
});
afterEach(async () => {
  await rounds.stop();
  vi.useRealTimers();
  office.close();
});

/** A status about a letter of its own. */
function queue(description: string): void {
  const status = { ...statusOf(commune, 'H99,2026/11/20,7816/UBND-VP', '01'), description };
  const body = () => JSON.stringify({ status });
  const effect = `status:${description}:01`;
  outbox.add({
    kind: 'edxml-status',
    label: description,
    documentId: null,
    objectSha256: null,
    effect,
    body,
  });
}

/** Lets time pass, for the clock and for whoever waits. */
async function pass(seconds: number): Promise<void> {
  for (let left = seconds * 1000; left > 0; left -= 1000) {
    office.clock.advance(Math.min(left, 1000));
    await vi.advanceTimersByTimeAsync(Math.min(left, 1000));
  }
  // What a round does with files takes no timer.
  while (rounds.running) await new Promise((resolve) => setImmediate(resolve));
}

const pair = (key: string) => asked.filter((what) => what === key);

describe('a province that is overloaded', () => {
  it.each([429, 503])('is asked nothing more in the round that it answers with %i', async (status) => {
    for (const name of ['a', 'b', 'c']) queue(name);
    refusals.set('a', busy(status));
    expect(await rounds.run()).toMatchObject({ sent: 0, failed: 1 });
    expect(asked).toEqual(['health', 'a']);
    const told = { online: true, pending: 3, lastError: { code: 'sync.server-busy' } };
    expect(rounds.status()).toMatchObject(told);
  });

  it('is left alone for as long as it asks, whatever is queued meanwhile, and then gets everything', async () => {
    queue('a');
    refusals.set('a', busy(503, 300));
    await rounds.run();
    refusals.clear();
    queue('b');
    rounds.kick();
    await pass(298);
    expect(asked).toEqual(['health', 'a']);
    await pass(3);
    expect(asked.slice(2)).toEqual(['health', 'b', 'list', 'a']);
    expect(rounds.status()).toMatchObject({ pending: 0, acked: 2, lastError: null });
  });

  it('is left alone a little even when it asks for no time, and ever longer while it stays so', async () => {
    refusals.set('health', busy(503, 0));
    await rounds.run();
    await pass(4);
    expect(asked).toHaveLength(1);
    await pass(300);
    // After 5, 10, 20, 40, 80 and 160 seconds.
    expect(asked.length).toBeLessThanOrEqual(7);
  });

  it('is asked again when a person orders it', async () => {
    refusals.set('health', busy(503, 3600));
    await rounds.run();
    refusals.clear();
    queue('a');
    expect(await rounds.run()).toMatchObject({ sent: 1 });
  });

  it('ends the round at the inbox too', async () => {
    offered = ['p-1', 'p-2'];
    refusals.set('fetch p-1', busy(503));
    expect(await rounds.run()).toMatchObject({ fetched: 0 });
    expect(asked).toEqual(['health', 'list', 'fetch p-1']);
  });
});

describe('what a round ended at', () => {
  it('holds up neither other operations nor the inbox in the next ones', async () => {
    for (const name of ['a', 'b', 'c']) queue(name);
    offered = ['p-1'];
    refusals.set('a', busy(503, 3600));
    refusals.set('b', new AnThuError('sync.server-away', { reason: 'ECONNRESET' }));
    for (let n = 0; n < 3; n++) {
      outbox.hurry({ blockedToo: false });
      await rounds.run();
    }
    expect(pair('c')).toHaveLength(1);
    expect(pair('ack p-1')).toHaveLength(1);
    expect(outbox.counts()).toMatchObject({ pending: 2, acked: 1 });
  });

  it('has its turn again although another one never gets through', async () => {
    for (const name of ['a', 'b']) queue(name);
    const away = new AnThuError('sync.server-away', { reason: 'ECONNRESET' });
    for (const what of ['a', 'b']) refusals.set(what, away);
    for (let n = 0; n < 3; n++) {
      if (n === 2) refusals.delete('b');
      outbox.hurry({ blockedToo: false });
      await rounds.run();
    }
    outbox.hurry({ blockedToo: false });
    await rounds.run();
    expect(outbox.list({ states: ['acked'], limit: 9 }).map(({ label }) => label)).toEqual(['b']);
  });

  it('is not the whole province: an operation that fails there for itself lets the next one through', async () => {
    for (const name of ['a', 'b']) queue(name);
    refusals.set('a', busy(500));
    expect(await rounds.run()).toMatchObject({ sent: 1, failed: 1 });
  });
});

describe('an operation whose receipt comes on removable media during a round', () => {
  const brought = (label: string): void => {
    const { id } = outbox.list({ limit: 9 }).find((entry) => entry.label === label)!;
    takeReceipt({ ...office, actor: 'chị Lan', outbox }, outbox.find(id)!, {
      kind: 'status',
      operationId: id,
      sha256: '0'.repeat(64),
      objectSha256: null,
      receivedAt: '2026-03-02T01:00:00Z',
      serverSequence: 1,
      serverName: 'Tỉnh A',
    });
  };
  const said = () => office.audit.list({ limit: 99 }).filter(({ action }) => action === 'sync.acknowledged');

  it.each([
    ['a server that hangs up', busy(500)],
    ['a refusal', new AnThuError('sync.refused', { status: 422, serverCode: 'x', message: '' })],
    ['a receipt', undefined],
  ])(
    'stays ended after %s, is in the log once, and one behind it is not sent any more',
    async (_, refusal) => {
      for (const name of ['a', 'b', 'c']) queue(name);
      if (refusal) refusals.set('a', refusal);
      meanwhile.set('a', () => ['a', 'b'].forEach(brought));
      await rounds.run();
      expect(asked).toEqual(['health', 'a', 'c', 'list']);
      expect(outbox.counts()).toEqual({ pending: 0, blocked: 0, acked: 3 });
      expect(said()).toHaveLength(3);
    },
  );
});

describe('a row of the province’s list that makes no sense', () => {
  const setAsideInLog = () => office.audit.forSubjects(['inbox']).map(({ data }) => data);

  it('costs no other package, is counted, shown and logged once, and forgotten when the list is mended', async () => {
    offered = ['p-1'];
    malformed = [{ id: 'p-2', reason: 'bytes: too small' }];
    expect(await rounds.run()).toMatchObject({ fetched: 1, failed: 1 });
    await rounds.run();
    expect(rounds.status()).toMatchObject({
      online: true,
      setAside: 1,
      lastError: { code: 'sync.inbox-item-malformed', detail: { count: 1, id: 'p-2' } },
    });
    expect(setAsideInLog()).toEqual([
      { code: 'sync.inbox-item-malformed', count: 1, first: [{ id: 'p-2', reason: 'bytes: too small' }] },
    ]);
    malformed = [];
    await rounds.run();
    expect(rounds.status()).toMatchObject({ setAside: 0, lastError: null });
    malformed = [{ id: 'p-2', reason: 'bytes: too small' }];
    await rounds.run();
    expect(setAsideInLog()).toHaveLength(2);
  });
});

describe('the engine', () => {
  it('ends with the operation in hand, not with all that are due', async () => {
    for (const name of ['a', 'b', 'c']) queue(name);
    const round = rounds.run();
    while (!asked.includes('a')) await Promise.resolve();
    await rounds.stop();
    await round;
    expect(asked).toEqual(['health', 'a']);
  });

  it('does not wait for a transfer that takes hours', async () => {
    const transfer = Promise.withResolvers<void>();
    held = transfer.promise;
    offered = ['p-1', 'p-2'];
    const round = rounds.run();
    while (!asked.includes('fetch p-1')) await new Promise((resolve) => setImmediate(resolve));
    const stopped = rounds.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    await stopped;
    transfer.resolve();
    await round;
    // What was in hand is whole; nothing else was begun.
    expect(asked).toEqual(['health', 'list', 'fetch p-1', 'ack p-1']);
  });

  it('goes on with its rounds although one could not even be told of', async () => {
    emit = () => {
      throw new Error('nobody listens');
    };
    await rounds.run().catch(() => undefined);
    emit = () => undefined;
    queue('a');
    await pass(61);
    expect(pair('a')).toHaveLength(1);
  });
});
