import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProvincialServer } from '../../scripts/provincial-server/server.ts';
import type { FaultKind } from '../../scripts/provincial-server/misbehaviour.ts';
import { handlingOf } from '../../core/sync/failure.ts';
import { createHttpConnector } from '../../core/sync/http-connector.ts';
import { arrivalRecord, codeOf, commune, province, startWorld, type World } from './office.ts';
import { newPackage, statusOf } from './packages.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.end());

const onRecords = (fault: FaultKind) => ({ script: [{ fault, path: '/v1/arrival-records' }] });

describe('a record is stored exactly once', () => {
  it.each([
    ['drop-before', 'sync.server-away', 0],
    ['drop-after', 'sync.server-away', 1],
    ['half-reply', 'sync.server-away', 1],
    ['status-500', 'sync.server-busy', 0],
    ['status-429', 'sync.server-busy', 0],
    ['nonsense', 'sync.server-nonsense', 1],
    ['huge-reply', 'sync.server-nonsense', 1],
    ['wrong-hash', 'sync.wrong-receipt', 1],
    ['wrong-operation', 'sync.wrong-receipt', 1],
  ] as const)(
    'when the server answers with %s, the clerk sees %s and the retry completes it',
    async (...row) => {
      const [fault, code, storedAfterFault] = row;
      const pdf = world.object('%PDF-1.7 sealed');
      await world.connector.uploadObject(pdf);
      const record = arrivalRecord('operation-0001', 1, pdf);
      world.server.misbehave(onRecords(fault));
      let seen: unknown;
      await world.connector.sendArrivalRecord('operation-0001', record).catch((thrown: unknown) => {
        seen = thrown;
      });
      expect(seen).toMatchObject({ code });
      expect(handlingOf(seen).kind).toBe('retry');
      expect(world.server.records()).toHaveLength(storedAfterFault);
      const receipt = await world.connector.sendArrivalRecord('operation-0001', record);
      expect(receipt.serverSequence).toBe(1);
      expect(world.server.records()).toHaveLength(1);
    },
  );

  it('also over a restart of the server', async () => {
    const dir = join(world.dir, 'restarted');
    const first = await startProvincialServer({ dir, offices: [commune] });
    const connect = (url: string) =>
      createHttpConnector({ baseUrl: url, officeId: commune.officeId, secret: commune.secret });
    const pdf = world.object('%PDF-1.7 sealed');
    await connect(first.url).uploadObject(pdf);
    const record = arrivalRecord('operation-0001', 1, pdf);
    const receipt = await connect(first.url).sendArrivalRecord('operation-0001', record);
    await first.close();
    const second = await startProvincialServer({ dir, offices: [commune] });
    try {
      expect((await connect(second.url).uploadObject(pdf)).complete).toBe(true);
      expect(await connect(second.url).sendArrivalRecord('operation-0001', record)).toEqual(receipt);
      expect(second.records()).toHaveLength(1);
    } finally {
      await second.close();
    }
  });

  it('waits as long as the server asks, up to an hour', async () => {
    world.server.misbehave(onRecords('status-429'));
    const record = arrivalRecord('operation-0001', 1, world.object('%PDF'));
    const failure = await world.connector
      .sendArrivalRecord('operation-0001', record)
      .catch((thrown: unknown) => thrown);
    expect(handlingOf(failure)).toEqual({ kind: 'retry', afterSeconds: 1 });
  });

  it('gives up on a server that says nothing until the deadline', async () => {
    const impatient = createHttpConnector({
      baseUrl: world.server.url,
      officeId: commune.officeId,
      secret: commune.secret,
      deadlineMs: 100,
    });
    world.server.misbehave({ script: [{ fault: 'delay', delayMs: 1500 }] });
    expect(await codeOf(impatient.health())).toBe('sync.server-away');
  });
});

describe('an upload', () => {
  const big = Buffer.alloc(3 * 1024 * 1024, 'scan ');

  it('goes on where the connection was cut', async () => {
    const pdf = world.object(big);
    world.server.misbehave({ script: [{ fault: 'cut-upload', method: 'POST', bytes: 1_000_000 }] });
    expect(await codeOf(world.connector.uploadObject(pdf))).toBe('sync.server-away');
    const partial = readdirSync(join(world.dir, 'province', 'partial'));
    expect(partial).toHaveLength(1);
    const kept = readFileSync(join(world.dir, 'province', 'partial', partial[0] ?? '')).length;
    expect(kept).toBe(1_000_000);
    expect((await world.connector.uploadObject(pdf)).complete).toBe(true);
    expect(readFileSync(world.server.objectPath(commune.officeId, pdf.sha256)).equals(big)).toBe(true);
  });

  it('is not sent again when only the answer was lost', async () => {
    const pdf = world.object(big);
    world.server.misbehave({ script: [{ fault: 'drop-after', method: 'POST', path: '/v1/objects' }] });
    expect(await codeOf(world.connector.uploadObject(pdf))).toBe('sync.server-away');
    world.server.misbehave({ script: [{ fault: 'status-500', method: 'POST', path: '/v1/objects' }] });
    expect((await world.connector.uploadObject(pdf)).complete).toBe(true);
  });

  it('recovers from a server that names a wrong offset', async () => {
    const pdf = world.object(big);
    world.server.misbehave({ script: [{ fault: 'wrong-offset', method: 'GET', path: '/v1/objects' }] });
    expect((await world.connector.uploadObject(pdf)).complete).toBe(true);
    expect(readFileSync(world.server.objectPath(commune.officeId, pdf.sha256)).equals(big)).toBe(true);
  });

  it('that starts at a wrong place is refused and tells the right one', async () => {
    const pdf = world.object(big);
    const reply = await fetch(`${world.server.url}/v1/objects/${pdf.sha256}?offset=5&total=${pdf.bytes}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${commune.secret}`,
        'x-an-thu-office': commune.officeId,
        'content-type': 'application/octet-stream',
      },
      body: big.subarray(5),
    });
    expect(reply.status).toBe(409);
    expect(await reply.json()).toMatchObject({ error: { code: 'wrong-offset', have: 0 } });
  });

  it('is done anew after a server claimed to have what it has not', async () => {
    const pdf = world.object('%PDF-1.7 sealed');
    world.server.misbehave({ script: [{ fault: 'false-complete', method: 'GET', path: '/v1/objects' }] });
    // Complete with no bytes: nonsense at once.
    expect(await codeOf(world.connector.uploadObject(pdf))).toBe('sync.server-nonsense');
    const failure = await world.connector
      .sendArrivalRecord('operation-0001', arrivalRecord('operation-0001', 1, pdf))
      .catch((thrown: unknown) => thrown);
    expect(handlingOf(failure)).toEqual({ kind: 'upload-again' });
    expect((await world.connector.uploadObject(pdf)).complete).toBe(true);
  });

  it('of a damaged part is thrown away by the server and sent whole', async () => {
    const pdf = world.object(big);
    world.server.misbehave({ script: [{ fault: 'cut-upload', method: 'POST', bytes: 1000 }] });
    await codeOf(world.connector.uploadObject(pdf));
    writeFileSync(
      join(world.dir, 'province', 'partial', `${commune.officeId}.${pdf.sha256}`),
      Buffer.alloc(1000, 'x'),
    );
    expect((await world.connector.uploadObject(pdf)).complete).toBe(true);
    expect(readFileSync(world.server.objectPath(commune.officeId, pdf.sha256)).equals(big)).toBe(true);
  });

  it('twice at the same time ends with one whole object', async () => {
    const pdf = world.object(big);
    const results = await Promise.all([world.connector.uploadObject(pdf), world.connector.uploadObject(pdf)]);
    expect(results.every((state) => state.complete)).toBe(true);
    expect(readFileSync(world.server.objectPath(commune.officeId, pdf.sha256)).equals(big)).toBe(true);
  });
});

describe('the inbox', () => {
  it('shows a doubled item once', async () => {
    await world.server.inboxPut(commune.officeId, newPackage(province, [commune], Buffer.from('%PDF-')));
    world.server.misbehave({ script: [{ fault: 'duplicate-inbox' }] });
    expect((await world.connector.listInbox()).items).toHaveLength(1);
  });

  it('is read to the end over several pages', async () => {
    for (let i = 0; i < 205; i++) await world.server.inboxPut(commune.officeId, Buffer.from(`<x n="${i}"/>`));
    const items = (await world.connector.listInbox()).items;
    expect(items).toHaveLength(205);
    expect(new Set(items.map((item) => item.id)).size).toBe(205);
    expect((await world.connector.listInbox({ since: items[199]?.sequence })).items).toHaveLength(5);
  });

  it.each([
    ['corrupt-package', 'sync.hash-mismatch'],
    ['half-reply', 'sync.server-away'],
    ['nonsense', 'sync.hash-mismatch'],
  ] as const)('leaves no file behind after %s, and the next fetch succeeds', async (fault, code) => {
    const bytes = newPackage(province, [commune], Buffer.from('%PDF-1.7 công văn'));
    await world.server.inboxPut(commune.officeId, bytes);
    const [item] = (await world.connector.listInbox()).items;
    if (!item) throw new Error('no item');
    world.server.misbehave({ script: [{ fault, method: 'GET', path: '/v1/inbox/' }] });
    const path = join(world.dir, 'fetched.edxml');
    expect(await codeOf(world.connector.fetchPackage(item, path))).toBe(code);
    expect(readdirSync(world.dir).filter((name) => name.startsWith('fetched'))).toEqual([]);
    await world.connector.fetchPackage(item, path);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('keeps an item whose acknowledgement was lost before the server took it', async () => {
    await world.server.inboxPut(commune.officeId, newPackage(province, [commune], Buffer.from('%PDF-')));
    const [item] = (await world.connector.listInbox()).items;
    if (!item) throw new Error('no item');
    world.server.misbehave({ script: [{ fault: 'drop-before', method: 'POST' }] });
    expect(await codeOf(world.connector.acknowledgePackage(item))).toBe('sync.server-away');
    expect((await world.connector.listInbox()).items).toHaveLength(1);
    await world.connector.acknowledgePackage(item);
    expect((await world.connector.listInbox()).items).toHaveLength(0);
  });

  it('takes the orders of misbehaviour over loopback HTTP too', async () => {
    const reply = await fetch(`${world.server.url}/test/misbehave`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ script: [{ fault: 'status-500', path: '/v1/health' }] }),
    });
    expect(reply.status).toBe(200);
    expect(await codeOf(world.connector.health())).toBe('sync.server-busy');
    expect((await world.connector.health()).testPartner).toBe(true);
  });
});

describe('a status', () => {
  it('sent again after a lost answer reaches the sender once', async () => {
    const status = statusOf(commune, 'H99,2026/11/20,7816/UBND-VP', '03');
    world.server.misbehave({ script: [{ fault: 'drop-after', method: 'PUT' }] });
    expect(await codeOf(world.connector.sendStatus('status-op-0001', status))).toBe('sync.server-away');
    await world.connector.sendStatus('status-op-0001', status);
    expect(world.server.statuses()).toHaveLength(1);
    expect((await world.connectAs(province).listInbox()).items).toHaveLength(1);
  });
});
