import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { IntakeRecords } from '../../intake/intake-records.ts';
import { AnThuError } from '../../shared/errors.ts';
import { JobQueue } from '../../store/job-queue.ts';
import { ObjectStore } from '../../store/object-store.ts';
import { Inbox } from '../../sync/inbox.ts';
import type { InboxItem } from '../../sync/protocol.ts';
import { fetchInbox, type InboxConnector, type InboxParts, type InboxRound, takeBrought } from './inbound.ts';
import { RoundOrder } from './round-order.ts';

let office: SampleOffice;
let inbox: Inbox;
let intake: IntakeRecords;
let offered: InboxItem[];
let acknowledged: string[];
let fetched: string[];
/** Packages whose transfer the server always breaks off. */
let broken: Set<string>;
let order: RoundOrder;

beforeEach(async () => {
  office = await SampleOffice.open();
  inbox = new Inbox(office.database, office.clock);
  intake = new IntakeRecords(office.database, office.clock);
  offered = [];
  acknowledged = [];
  fetched = [];
  broken = new Set();
  order = new RoundOrder();
});
afterEach(() => office.close());

const contentOf = (id: string) => Buffer.from(`<edXML>${id}</edXML>`);
const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

function offer(id: string, more: Partial<InboxItem> = {}): void {
  const content = contentOf(id);
  offered.push({
    id,
    sequence: offered.length + 1,
    kind: 'package',
    documentId: `H99,2026/03/02,${id}/UBND`,
    sha256: hashOf(content),
    bytes: content.length,
    receivedAt: '2026-03-02T01:00:00Z',
    ...more,
  });
}

const connector: InboxConnector = {
  listInbox: () => {
    const items = offered.filter(({ id }) => !acknowledged.includes(id));
    return Promise.resolve({ items, malformed: [] });
  },
  fetchPackage: async ({ id }, toPath) => {
    fetched.push(id);
    if (broken.has(id)) throw new AnThuError('sync.server-away', { reason: 'reply cut off' });
    await writeFile(toPath, contentOf(id));
  },
  acknowledgePackage: ({ id }) => {
    if (broken.has(`ack ${id}`))
      return Promise.reject(new AnThuError('sync.server-away', { reason: 'ECONNRESET' }));
    acknowledged.push(id);
    return Promise.resolve();
  },
};

function parts(): InboxParts {
  const { database, audit, clock, folder } = office;
  return {
    database,
    audit,
    intake,
    inbox,
    actor: 'chị Lan',
    objects: new ObjectStore(folder),
    jobs: new JobQueue(database, clock, { parallel: 0 }),
    emit: () => undefined,
  };
}

async function round() {
  const told: InboxRound = { fetched: 0, problems: [], malformed: undefined };
  order.begin();
  await fetchInbox(parts(), connector, order, told);
  await order.finish();
  return told;
}

/** Rounds, of which some end early because the server seems to be away. */
async function rounds(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await round().catch(() => undefined);
}

describe('the inbox at the province', () => {
  it('gives the other packages although the transfer of one always breaks off', async () => {
    offer('p-1');
    offer('p-2');
    offer('p-3');
    broken.add('p-1');
    await rounds(2);
    expect(acknowledged).toEqual(['p-2', 'p-3']);
    broken.clear();
    await rounds(1);
    expect(acknowledged).toEqual(['p-2', 'p-3', 'p-1']);
    expect(intake.list({ limit: 10 })).toHaveLength(3);
  });

  it('gives new packages although one acknowledgement always breaks off', async () => {
    offer('p-1');
    broken.add('ack p-1');
    await rounds(1);
    offer('p-2');
    await rounds(2);
    expect(acknowledged).toEqual(['p-2']);
    expect(fetched).toEqual(['p-1', 'p-2']);
  });

  it('is told again of a package whose acknowledgement the server lost', async () => {
    offer('p-1');
    await rounds(1);
    acknowledged = [];
    expect(await round()).toMatchObject({ fetched: 0, problems: [] });
    expect(acknowledged).toEqual(['p-1']);
    expect(fetched).toEqual(['p-1']);
  });

  it('is not believed when it offers another content under an id that was received', async () => {
    offer('p-1');
    await rounds(1);
    acknowledged = [];
    offered = [];
    offer('p-1', { sha256: 'e'.repeat(64) });
    expect((await round()).problems).toMatchObject([{ code: 'sync.server-nonsense' }]);
    expect(acknowledged).toEqual([]);
  });

  it('does not fill the disk with a package that could not be opened anyway', async () => {
    offer('p-1', { bytes: 40_000_000_000 });
    offer('p-2');
    const { fetched: news, problems } = await round();
    expect(news).toBe(1);
    expect(problems).toMatchObject([{ code: 'sync.edxml-hostile' }]);
    expect(fetched).toEqual(['p-2']);
  });
});

describe('a package that comes over the line while it is taken from a stick', () => {
  it('is taken in once, whichever is first', async () => {
    offer('p1');
    const medium = {
      fetchPackage: async (_item: unknown, toPath: string) => {
        await round();
        await writeFile(toPath, contentOf('p1'));
      },
    };
    expect(await takeBrought(parts(), medium, offered)).toEqual({ fetched: 0, problems: [] });
    expect(intake.list({ limit: 10 }).length).toBe(1);
    expect(acknowledged).toEqual(['p1']);
  });
});
