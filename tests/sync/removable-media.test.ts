import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engine/engine.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { ObjectStore } from '../../core/store/object-store.ts';
import {
  inboxFile,
  MANIFEST,
  MAX_MANIFEST_BYTES,
  objectFile,
  operationFile,
  SEAL,
} from '../../core/sync/media/format.ts';
import { sealOf } from '../../core/sync/media/seal.ts';
import { Outbox } from '../../core/sync/outbox.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { heldBy, MediaWorld, queueOf } from './media-office.ts';
import { codeOf, commune, province } from './office.ts';
import { newPackage } from './packages.ts';

const world = new MediaWorld();
/** A queue of three arrivals, one with a correction, and a status. */
beforeAll(async () => {
  await world.setUp();
  await world.queue(world.data, [1, 2, 3], [2]);
  world.queueStatus(world.data, 'H99,2026/11/20,7816/UBND-VP');
});
afterAll(() => world.end());

const letter = (name: string): Buffer =>
  newPackage(
    province,
    [commune],
    Buffer.concat([rawPdf({ objects: onePageObjects() }), Buffer.from(`% ${name}\n`)]),
  );

const exported = async (engine: Engine, path: string) => {
  const { package: made } = await engine.call('sync.export', { path });
  if (!made) throw new Error('nothing was exported');
  return made;
};
const only = <T>(list: readonly T[]): T => {
  if (list.length !== 1 || list[0] === undefined) throw new Error(`${list.length} instead of 1`);
  return list[0];
};
const imported = async (engine: Engine, path: string) =>
  only((await engine.call('sync.import', { path })).answers);

/** A manifest as its writer would have sealed it, with something else in it. */
function rewrite(folder: string, change: (manifest: Record<string, unknown>) => unknown): void {
  const path = join(folder, MANIFEST);
  const changed = Buffer.from(JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  writeFileSync(path, changed);
  writeFileSync(join(folder, SEAL), sealOf(changed, commune.secret, 'answer'));
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

  it('goes without an operation whose file is spoilt: that one is parked with its reason, the rest is carried', async () => {
    const data = world.copy();
    const engine = await world.engine(data);
    const [first] = (await engine.call('sync.list', {})).entries.toReversed();
    const database = Database.open(dataFolderAt(data).database);
    const sha256 = new Outbox(database, systemClock).find(first!.id)!.object_sha256!;
    database.close();
    rmSync(new ObjectStore(dataFolderAt(data)).path(sha256), { force: true });
    const made = await engine.call('sync.export', { path: world.folder() });
    expect(made).toMatchObject({ package: { operations: 4, objects: 3 }, left: 1 });
    const { entries } = await engine.call('sync.list', { states: ['blocked'] });
    expect(entries).toMatchObject([{ id: first!.id, error: { code: 'store.object-missing' } }]);
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
    const server = await world.province();
    // Number 2 is there already, from another computer of the office.
    const other = new MediaWorld();
    await other.setUp();
    await other.queue(other.data, [2]);
    const theirs = await exported(await other.engine(other.data), other.folder());
    await server.atDesk({ from: theirs.path, into: other.folder() });
    await other.end();

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

describe('what the province hands back', () => {
  let engine: Engine;
  let answer: string;
  let exports: string;
  let letters: string[];
  const fresh = () => {
    const stick = world.folder();
    const copy = join(stick, basename(answer));
    cpSync(answer, copy, { recursive: true });
    return { stick, copy };
  };
  beforeAll(async () => {
    const server = await world.province();
    letters = [];
    for (const name of ['một', 'hai'])
      letters.push((await server.inboxPut(commune.officeId, letter(name))).sha256);
    engine = await world.engine(world.copy(), 'work');
    exports = world.folder();
    const made = await exported(engine, exports);
    answer = (await server.atDesk({ from: made.path, into: world.folder() })).path;
  });

  it.each([
    [
      'a manifest changed on the way',
      'sync.media-unproven',
      (copy: string) => {
        const path = join(copy, MANIFEST);
        writeFileSync(path, readFileSync(path, 'utf8').replace('"serverName": "M', '"serverName": "N'));
      },
    ],
    [
      'a seal made with another secret',
      'sync.media-unproven',
      (copy: string) => {
        writeFileSync(
          join(copy, SEAL),
          sealOf(readFileSync(join(copy, MANIFEST)), province.secret, 'answer'),
        );
      },
    ],
    [
      'our own seal of an export',
      'sync.media-unproven',
      (copy: string) => {
        writeFileSync(join(copy, SEAL), sealOf(readFileSync(join(copy, MANIFEST)), commune.secret, 'export'));
      },
    ],
    ['no seal', 'sync.media-damaged', (copy: string) => rmSync(join(copy, SEAL))],
    ['half a manifest', 'sync.media-damaged', (copy: string) => truncateSync(join(copy, MANIFEST), 300)],
    [
      'a manifest beyond its bound',
      'sync.media-damaged',
      (copy: string) => truncateSync(join(copy, MANIFEST), MAX_MANIFEST_BYTES + 1),
    ],
    [
      'a manifest that is a link',
      'sync.media-damaged',
      (copy: string) => {
        renameSync(join(copy, MANIFEST), join(copy, 'elsewhere'));
        symlinkSync('elsewhere', join(copy, MANIFEST));
      },
    ],
    [
      'places of its own for the files',
      'sync.media-damaged',
      (copy: string) => {
        rewrite(copy, (manifest) => ({ ...manifest, files: ['../../../etc/passwd'] }));
      },
    ],
    [
      'an item whose id is a path',
      'sync.media-damaged',
      (copy: string) => {
        rewrite(copy, (manifest) => {
          const [item] = manifest['inbox'] as object[];
          return { ...manifest, inbox: [{ ...item, id: '../../x' }] };
        });
      },
    ],
    [
      'the answer for another office',
      'sync.media-foreign',
      (copy: string) => {
        rewrite(copy, (manifest) => ({
          ...manifest,
          office: { officeId: 'xa-khac', organId: 'H99.01.03', organName: 'UBND xã khác' },
        }));
      },
    ],
  ])('is refused whole when it is %s', async (_what, code, spoil) => {
    const before = await queueOf(engine);
    const { copy } = fresh();
    spoil(copy);
    expect(await codeOf(engine.call('sync.import', { path: copy }))).toBe(code);
    expect(await queueOf(engine)).toEqual(before);
    expect((await engine.call('intake.list', {})).items).toEqual([]);
  });

  it('is told from our own export', async () => {
    const [own] = readdirSync(exports).map((name) => join(exports, name));
    await expect(engine.call('sync.import', { path: own! })).rejects.toMatchObject({
      code: 'sync.media-damaged',
      detail: { reason: 'our-export' },
    });
  });

  it('is not looked for where there is none, nor behind a link', async () => {
    const stick = world.folder();
    symlinkSync(answer, join(stick, basename(answer)));
    expect(await codeOf(engine.call('sync.import', { path: stick }))).toBe('sync.media-none');
    expect(await codeOf(engine.call('sync.import', { path: join(stick, 'pulled-out') }))).toBe(
      'sync.media-none',
    );
  });

  it('leaves answers for other offices on the same stick untouched', async () => {
    const { stick, copy } = fresh();
    const theirs = join(stick, 'an-thu-tra-xa-khac-00007');
    cpSync(copy, theirs, { recursive: true });
    rewrite(theirs, (manifest) => ({
      ...manifest,
      office: { officeId: 'xa-khac', organId: 'H99.01.03', organName: 'UBND xã khác' },
    }));
    rmSync(copy, { recursive: true });
    mkdirSync(copy);
    const { answers, foreign } = await engine.call('sync.import', { path: stick });
    expect(foreign).toEqual([{ path: theirs, officeId: 'xa-khac' }]);
    expect(answers).toMatchObject([{ outcome: 'partly', problems: [{ code: 'sync.media-damaged' }] }]);
  });

  it.each([
    [
      'changed',
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, at) => (at === 900 ? 0 : byte)),
        ),
    ],
    ['cut off', (file: string) => truncateSync(file, 500)],
    ['missing', (file: string) => rmSync(file)],
    [
      'a link',
      (file: string) => {
        renameSync(file, `${file}.real`);
        symlinkSync(`${file}.real`, file);
      },
    ],
    ['much longer than was said', (file: string) => truncateSync(file, 2 ** 24)],
    [
      'in a folder that is a link',
      (file: string) => {
        renameSync(join(file, '..'), join(file, '..', '..', 'moved'));
        symlinkSync('moved', join(file, '..'));
      },
    ],
  ])('is taken but for an e-document that is %s', async (_what, spoil) => {
    const { copy } = fresh();
    rewrite(copy, (manifest) => ({
      ...manifest,
      receipts: [],
      inbox: [(manifest['inbox'] as unknown[])[0]],
    }));
    spoil(join(copy, ...inboxFile(letters[0]!).split('/')));
    const taken = await imported(engine, copy);
    expect(taken).toMatchObject({
      outcome: 'partly',
      fetched: 0,
      problems: [{ code: 'sync.media-damaged' }],
    });
    expect((await engine.call('intake.list', {})).items).toEqual([]);
  });

  it('does not believe a receipt for another body, or for an operation it never queued', async () => {
    const { copy } = fresh();
    rewrite(copy, (manifest) => {
      const [one, two] = manifest['receipts'] as Record<string, unknown>[];
      const receipts = [
        { ...one, sha256: 'f'.repeat(64) },
        { ...two, operationId: 'never-queued-here' },
      ];
      return { ...manifest, receipts, inbox: [] };
    });
    const taken = await imported(engine, copy);
    expect(taken.receipts).toBe(0);
    expect(taken.problems.map(({ code }) => code)).toEqual([
      'sync.wrong-receipt',
      'sync.media-unknown-operation',
    ]);
  });

  it('enters the inbox like e-documents of the line: checked, opened, judged, proposed, answered with 01', async () => {
    const taken = await imported(engine, answer);
    expect(taken).toMatchObject({ outcome: 'taken', receipts: 5, fetched: 2, problems: [] });
    await engine.call('engine.settled', { timeoutMs: 60_000 });
    const { items } = await engine.call('intake.list', {});
    expect(items.map(({ state, source, verification }) => [state, source, verification?.verdict])).toEqual([
      ['proposed', 'inbox', 'unsigned'],
      ['proposed', 'inbox', 'unsigned'],
    ]);
    const labels = (await engine.call('sync.list', { states: ['pending'] })).entries.map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['01 Đã đến: 7816/UBND-VP', '01 Đã đến: 7816/UBND-VP']);
    expect(await imported(engine, answer)).toMatchObject({ outcome: 'repeated' });
    expect((await engine.call('intake.list', {})).items.length).toBe(2);
  });
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
