import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { ObjectStore } from '../../core/store/object-store.ts';
import { MANIFEST, objectFile, operationFile, SEAL } from '../../core/sync/media/format.ts';
import { sealOf } from '../../core/sync/media/seal.ts';
import { Outbox } from '../../core/sync/outbox.ts';
import { heldBy, MediaWorld, queueOf } from './media-office.ts';
import { exported, imported, letter, queuedWorld, rewrite } from './media-steps.ts';
import { codeOf, commune } from './office.ts';

const world = queuedWorld();

/** A province that holds number 2 already, from another computer of the office. */
async function provinceWithNumber2() {
  const server = await world.province();
  const other = new MediaWorld();
  await other.setUp();
  await other.queue(other.data, [2]);
  const theirs = await exported(await other.engine(other.data), other.folder());
  await server.atDesk({ from: theirs.path, into: other.folder() });
  await other.end();
  return server;
}

describe('the queue on a stick', () => {
  it('has the effect and the receipts that the line would have had', async () => {
    const line = await world.province();
    const connected = world.copy();
    world.account(connected, { serverUrl: line.url });
    const byLine = { engine: await world.engine(connected), province: line };
    await byLine.engine.call('sync.run', {});

    const byHand = { engine: await world.engine(world.copy()), province: await world.province() };
    const stick = world.folder();
    const made = await exported(byHand.engine, stick);
    expect(made).toMatchObject({ sequence: 1, operations: 5, objects: 4, acknowledgements: 0 });
    expect((await queueOf(byHand.engine)).map(({ state }) => state)).toEqual(Array(5).fill('pending'));
    const { path } = await byHand.province.atDesk({ from: made.path, into: stick });
    expect(readdirSync(stick).toSorted()).toEqual([basename(made.path), basename(path)].toSorted());
    expect(await imported(byHand.engine, stick)).toMatchObject({
      outcome: 'taken',
      answers: 1,
      receipts: 5,
      refused: 0,
      problems: [],
    });

    expect(heldBy(byHand.province)).toEqual(heldBy(byLine.province));
    expect(await queueOf(byHand.engine)).toEqual(await queueOf(byLine.engine));
    const said = async (engine: Engine) =>
      (await engine.call('audit.list', { limit: 100 })).entries.filter(
        ({ action }) => action === 'sync.acknowledged',
      ).length;
    expect(await said(byHand.engine)).toBe(await said(byLine.engine));
    expect((await byHand.engine.call('audit.verify', {})).ok).toBe(true);
    expect(await byHand.engine.call('sync.export', { path: stick })).toEqual({ package: null, left: 0 });
  });

  it('may go over the line too, before or after: each operation has one effect', async () => {
    const server = await world.province();
    const data = world.copy();
    world.account(data, { serverUrl: server.url });
    const engine = await world.engine(data);
    const stick = world.folder();
    const first = await exported(engine, stick);
    await engine.call('sync.run', {});
    const held = heldBy(server);
    const answer = await server.atDesk({ from: first.path, into: stick });
    expect([answer.manifest.receipts.length, answer.manifest.refusals]).toEqual([5, []]);
    expect(await imported(engine, stick)).toMatchObject({ outcome: 'taken', receipts: 0, refused: 0 });
    await server.atDesk({ from: first.path, into: stick });
    expect(heldBy(server)).toEqual(held);
  });

  it.each([
    ['gone', () => undefined, 'store.object-missing'],
    ['unreadable', (path: string) => void mkdirSync(path), 'store.object-unreadable'],
  ])(
    'goes without an operation whose file is %s: that one is parked with its reason, the rest is carried',
    async (_what, put, code) => {
      const data = world.copy();
      const engine = await world.engine(data);
      const [first] = (await engine.call('sync.list', {})).entries.toReversed();
      const database = Database.open(dataFolderAt(data).database);
      const sha256 = new Outbox(database, systemClock).find(first!.id)!.object_sha256!;
      database.close();
      const path = new ObjectStore(dataFolderAt(data)).path(sha256);
      rmSync(path, { force: true });
      put(path);
      const made = await engine.call('sync.export', { path: world.folder() });
      expect(made).toMatchObject({ package: { operations: 4, objects: 3 }, left: 1 });
      const { entries } = await engine.call('sync.list', { states: ['blocked'] });
      expect(entries).toMatchObject([{ id: first!.id, error: { code } }]);
    },
  );

  it('goes without an operation whose row is damaged, and without what must come after it: parked, and shown so', async () => {
    const data = world.copy();
    const engine = await world.engine(data);
    const { entries: all } = await engine.call('sync.list', {});
    const [record, correction] = all.filter(({ label }) => label === 'Số đến 2/2026').toReversed();
    const database = Database.open(dataFolderAt(data).database);
    database.run(`UPDATE outbox SET body = substr(body, 1, 40) WHERE id = @id`, { id: record!.id });
    database.close();
    const made = await engine.call('sync.export', { path: world.folder() });
    expect(made).toMatchObject({ package: { operations: 3, objects: 2 }, left: 2 });
    const { entries } = await engine.call('sync.list', {});
    const left = entries.filter(({ id }) => id === record!.id || id === correction!.id).toReversed();
    expect(left.map(({ state, error }) => [state, error?.code])).toEqual([
      ['blocked', 'store.row-damaged'],
      ['pending', undefined],
    ]);
  });

  it('is carried again by every later package, so that a lost stick and any order of answers do no harm', async () => {
    const data = world.copy();
    const server = await world.province();
    let engine = await world.engine(data);
    const lost = await exported(engine, world.folder());
    await engine.close();
    await world.queue(data, [4]);
    engine = await world.engine(data);
    const second = await exported(engine, world.folder());
    expect([lost.operations, second.operations, second.sequence]).toEqual([5, 6, 2]);

    // The later package is answered first; the lost one turns up, and its answer comes last.
    const desk = world.folder();
    const later = await server.atDesk({ from: second.path, into: desk });
    const earlier = await server.atDesk({ from: lost.path, into: desk });
    expect(await imported(engine, later.path)).toMatchObject({ answers: 2, receipts: 6 });
    expect(await imported(engine, earlier.path)).toMatchObject({ answers: 1, receipts: 0, outcome: 'taken' });
    expect(await imported(engine, later.path)).toMatchObject({ outcome: 'repeated', receipts: 0 });
    expect(server.records().map(({ record }) => [record.arrivalNumber, record.action])).toEqual([
      [1, 'register'],
      [2, 'register'],
      [2, 'correct'],
      [3, 'register'],
      [4, 'register'],
    ]);
  });

  it('is refused by the province as on the line, and what comes after a refused record waits', async () => {
    const engine = await world.engine(world.copy());
    const server = await provinceWithNumber2();
    const made = await exported(engine, world.folder());
    const early = await server.atDesk({ from: made.path, into: world.folder() });
    expect(early.manifest.refusals).toMatchObject([{ status: 409, code: 'duplicate-number' }]);
    expect(early.manifest.receipts.length).toBe(3);
    expect(await imported(engine, early.path)).toMatchObject({ receipts: 3, refused: 1, outcome: 'taken' });
    expect((await queueOf(engine)).filter(({ state }) => state !== 'acked')).toMatchObject([
      { state: 'pending' },
      { state: 'blocked', error: 'sync.conflict' },
    ]);
    // Neither goes again unless a person says so.
    expect(await engine.call('sync.export', { path: world.folder() })).toEqual({ package: null, left: 2 });
    const again = await engine.call('sync.export', { path: world.folder(), retryBlocked: true });
    expect([again.package?.operations, again.left]).toEqual([2, 0]);
    // An answer to the package before says nothing about the one that is under way.
    rewrite(early.path, (manifest) => ({ ...manifest, packageId: '019393b2-0000-7000-8000-000000000001' }));
    expect(await imported(engine, early.path)).toMatchObject({ receipts: 0, refused: 0 });
    expect((await queueOf(engine)).filter(({ state }) => state === 'blocked')).toEqual([]);
  });
});

it('a refusal that a person put back is not taken once more with the rest of its answer', async () => {
  const engine = await world.engine(world.copy());
  const server = await provinceWithNumber2();
  await server.inboxPut(commune.officeId, letter('bị mất'));
  const made = await exported(engine, world.folder());
  const { path } = await server.atDesk({ from: made.path, into: world.folder() });
  renameSync(join(path, 'inbox'), join(path, 'mislaid'));
  expect(await imported(engine, path)).toMatchObject({ outcome: 'partly', refused: 1, fetched: 0 });
  const { entries } = await engine.call('sync.list', { states: ['blocked'] });
  await engine.call('sync.retry', { id: entries[0]!.id });
  renameSync(join(path, 'mislaid'), join(path, 'inbox'));
  expect(await imported(engine, path)).toMatchObject({ outcome: 'taken', refused: 0, fetched: 1 });
  expect((await engine.call('sync.status', {})).blocked).toBe(0);
});

describe('a letter that was brought', () => {
  it('is told to the province with the next package, and never offered again', async () => {
    const server = await world.province();
    const { sha256 } = await server.inboxPut(commune.officeId, letter('ba'));
    const engine = await world.engine(world.copy());
    const brought = await server.atDesk({ from: null, officeId: commune.officeId, into: world.folder() });
    expect(await imported(engine, brought.path)).toMatchObject({ answers: null, fetched: 1 });
    const made = await exported(engine, world.folder());
    expect(made.acknowledgements).toBe(1);
    const told = await server.atDesk({ from: made.path, into: world.folder() });
    expect(told.manifest).toMatchObject({ acknowledged: [{ sha256 }], inbox: [] });
    await imported(engine, told.path);
    expect(await engine.call('sync.export', { path: world.folder() })).toEqual({ package: null, left: 0 });
  });
});

describe('the desk', () => {
  it('takes the rest of a package whose files were spoilt, and the next package makes up for it', async () => {
    const engine = await world.engine(world.copy());
    const server = await world.province();
    const made = await exported(engine, world.folder());
    const manifest = JSON.parse(readFileSync(join(made.path, MANIFEST), 'utf8')) as {
      operations: Parameters<typeof operationFile>[0][];
      objects: { sha256: string }[];
    };
    truncateSync(join(made.path, objectFile(manifest.objects[0]!.sha256)), 10);
    writeFileSync(join(made.path, operationFile(manifest.operations.at(-1)!)), '<x/>');
    const half = await server.atDesk({ from: made.path, into: world.folder() });
    expect(half.manifest.refusals.map(({ code }) => code)).toEqual(['hash-mismatch', 'hash-mismatch']);
    expect(await imported(engine, half.path)).toMatchObject({ receipts: 3, refused: 2 });
    expect((await queueOf(engine)).filter(({ state }) => state === 'pending').length).toBe(2);
    const rest = await exported(engine, world.folder());
    const whole = await server.atDesk({ from: rest.path, into: world.folder() });
    expect(await imported(engine, whole.path)).toMatchObject({ receipts: 2, refused: 0 });
  });

  it('refuses a package of an office without account, and one sealed with another secret', async () => {
    const engine = await world.engine(world.copy());
    const server = await world.province();
    const made = await exported(engine, world.folder());
    const into = world.folder();
    const asOf = (officeId: string, secret: string) => {
      const path = join(made.path, MANIFEST);
      const changed = Buffer.from(
        readFileSync(path, 'utf8').replace(/"officeId": "[^"]*"/, `"officeId": "${officeId}"`),
      );
      writeFileSync(path, changed);
      writeFileSync(join(made.path, SEAL), sealOf(changed, secret, 'export'));
    };
    asOf('xa-khac', commune.secret);
    expect(await codeOf(server.atDesk({ from: made.path, into }))).toBe('sync.media-foreign');
    asOf('tinh-a', commune.secret);
    expect(await codeOf(server.atDesk({ from: made.path, into }))).toBe('sync.media-unproven');
    expect([readdirSync(into), server.records()]).toEqual([[], []]);
  });
});

it('nothing is written without an account or its secret', async () => {
  const data = world.copy();
  rmSync(join(data, 'server-secret'));
  const stick = world.folder();
  const secretless = await world.engine(data);
  expect(await codeOf(secretless.call('sync.export', { path: stick }))).toBe('sync.no-secret');
  await secretless.close();
  world.account(data, { officeId: null });
  const engine = await world.engine(data);
  expect(await codeOf(engine.call('sync.export', { path: stick }))).toBe('sync.no-account');
  expect(await codeOf(engine.call('sync.import', { path: stick }))).toBe('sync.no-account');
  expect(readdirSync(stick)).toEqual([]);
});
