import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { patchSettings, readSettings, writeSettings } from '../../core/engine/settings.ts';
import { vietnamDate } from '../../core/shared/clock.ts';
import { createHttpConnector } from '../../core/sync/http-connector.ts';
import { Outbox } from '../../core/sync/outbox.ts';
import { sha256Hex } from '../../core/sync/protocol.ts';
import { type ProvincialServer, startProvincialServer } from '../../scripts/provincial-server/server.ts';
import { arrivalRecord, commune } from '../sync/office.ts';
import { BackedUpOffice } from './office.ts';

let world: BackedUpOffice;
let province: ProvincialServer;
beforeAll(async () => {
  world = await BackedUpOffice.open(new Date().toISOString());
  province = await startProvincialServer({ dir: join(world.dir, 'province'), offices: [commune] });
  const { database } = world.office;
  writeSettings(
    database,
    patchSettings(readSettings(database), {
      scanner: { mode: 'left-out' },
      sync: { serverUrl: province.url, officeId: commune.officeId, everySeconds: 3600 },
    }),
  );
});
afterAll(async () => {
  await province.close();
  world.close();
});

/** Opens the office, lets it send and fetch once, and closes it. */
async function sync(dataDir: string): Promise<Awaited<ReturnType<typeof syncWith>>> {
  const engine = await openEngine({ dataDir, mode: 'idle', spawner: createNodeSpawner() });
  try {
    return await syncWith(engine);
  } finally {
    await engine.close();
  }
}

async function syncWith(engine: Engine) {
  await engine.call('sync.run', {});
  return {
    status: await engine.call('sync.status', {}),
    entries: (await engine.call('sync.list', {})).entries,
  };
}

/** Queues the record of a letter with its sealed file, as sealing does. */
async function queueRecord(number: number): Promise<string> {
  const { database, clock } = world.office;
  const content = `%PDF-1.7 sealed ${number}`;
  const sha256 = await world.store(content);
  const object = { sha256, bytes: Buffer.byteLength(content), path: world.objects.path(sha256) };
  const id = new Outbox(database, clock).add({
    kind: 'arrival-record',
    label: `Số đến ${number}`,
    documentId: null,
    objectSha256: sha256,
    effect: `record:${number}`,
    body: (operationId) => JSON.stringify(arrivalRecord(operationId, number, object)),
  });
  if (id === null) throw new Error('queued already');
  return id;
}

it('what was sent after a backup is not sent a second time by the restored register', async () => {
  const first = await queueRecord(1);
  const target = world.newTarget();
  const made = await world.create(target);
  expect(made.manifest.counts.outboxPending).toBe(1);
  // Since the backup: the record arrives at the province, and another letter is registered and sent.
  await queueRecord(2);
  const { folder, database } = world.office;
  writeFileSync(folder.serverSecret, commune.secret);
  database.close();
  const lost = await sync(folder.root);
  expect(lost.status).toMatchObject({ pending: 0, blocked: 0 });
  const atProvince = province.records().map(({ record }) => [record.operationId, record.arrivalNumber]);
  expect(atProvince).toHaveLength(2);
  const receipt = lost.entries.find(({ id }) => id === first)?.receipt;

  // The disk is lost; the register of the backup believes that the record was never sent.
  const to = world.newPath();
  const numbers = made.manifest.registers.map(({ id }, at) => ({
    register: id,
    year: Number(vietnamDate(new Date()).slice(0, 4)),
    number: at === 0 ? 2 : 0,
  }));
  await world.restore(target, { to, lastNumbers: numbers, serverSecret: commune.secret });
  const restored = await sync(to);
  expect(restored.status).toMatchObject({ pending: 0, blocked: 0 });
  expect(restored.entries).toMatchObject([{ id: first, state: 'acked', receipt }]);
  expect(province.records().map(({ record }) => [record.operationId, record.arrivalNumber])).toEqual(
    atProvince,
  );
});

it('a number that the province has already is parked there, should somebody give it again', async () => {
  const before = province.records().length;
  const path = join(world.dir, 'other.pdf');
  writeFileSync(path, '%PDF-1.7 another letter');
  const connector = createHttpConnector({
    baseUrl: province.url,
    officeId: commune.officeId,
    secret: commune.secret,
  });
  const object = { sha256: sha256Hex(Buffer.from('%PDF-1.7 another letter')), bytes: 23, path };
  await connector.uploadObject(object);
  await expect(
    connector.sendArrivalRecord('operation-again', arrivalRecord('operation-again', 2, object)),
  ).rejects.toMatchObject({ code: 'sync.conflict' });
  expect(province.records()).toHaveLength(before);
});
