import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { MediaWorld, queueOf } from './media-office.ts';
import { commune, province } from './office.ts';
import { newPackage } from './packages.ts';

const main = join(import.meta.dirname, '..', '..', 'core', 'engine', 'cli', 'main.ts');
const world = new MediaWorld();
beforeAll(async () => {
  await world.setUp();
  await world.queue(world.data, [1, 2]);
});
afterAll(() => world.end());

/** Runs a command that dies at a failpoint. */
function killed(data: string, failpoint: string, ...command: string[]): void {
  const { signal, stderr } = spawnSync(process.execPath, [main, ...command, '--data', data, '--json'], {
    env: { ...process.env, AN_THU_FAILPOINT: failpoint },
    encoding: 'utf8',
  });
  expect(signal, stderr).toBe('SIGKILL');
}

it('a package is whole or not there when the export is killed, and nothing of the queue is lost or doubled', async () => {
  const data = world.copy();
  const stick = world.folder();
  killed(data, 'store.object-copied', 'sync', 'export', stick);
  expect(readdirSync(stick)).toMatchObject([expect.stringMatching(/^\.dang-ghi-so-[0-9a-f]{32}~/)]);
  killed(data, 'store.object-renamed', 'sync', 'export', stick);
  const [unnoted] = readdirSync(stick);
  expect(readdirSync(stick)).toEqual([expect.stringMatching(/^an-thu-gui-xa-b-00002-/)]);

  const engine = await world.engine(data);
  expect((await queueOf(engine)).map(({ state }) => state)).toEqual(['pending', 'pending']);
  const other = world.folder();
  expect((await engine.call('sync.export', { path: other })).package?.sequence).toBe(3);
  // The package that was never noted is as good as the next one.
  const server = await world.province();
  const { path } = await server.atDesk({ from: join(stick, unnoted!), into: stick });
  await engine.call('sync.import', { path });
  expect((await queueOf(engine)).map(({ state }) => state)).toEqual(['acked', 'acked']);
});

it('an answer is taken once, however often its import is killed between two steps', async () => {
  const data = world.copy();
  const server = await world.province();
  const pdf = rawPdf({ objects: onePageObjects() });
  await server.inboxPut(commune.officeId, newPackage(province, [commune], pdf));
  const exporting = await world.engine(data);
  const made = await exporting.call('sync.export', { path: world.folder() });
  await exporting.close();
  const stick = world.folder();
  const { path } = await server.atDesk({ from: made.package!.path, into: world.folder() });
  cpSync(path, join(stick, 'an-thu-tra-xa-b'), { recursive: true });

  for (const place of ['sync.acknowledged', 'inbox.object-stored', 'inbox.recorded'])
    killed(data, place, 'sync', 'import', stick);

  const engine = await world.engine(data);
  const [last] = (await engine.call('sync.import', { path: stick })).answers;
  expect(last).toMatchObject({ outcome: 'taken', receipts: 0, fetched: 0, problems: [] });
  expect((await queueOf(engine)).map(({ state }) => state)).toEqual(['acked', 'acked']);
  expect((await engine.call('intake.list', {})).items.length).toBe(1);
  const { entries } = await engine.call('audit.list', { limit: 100 });
  const count = (action: string) => entries.filter((entry) => entry.action === action).length;
  expect([count('sync.acknowledged'), count('inbox.fetched'), count('sync.imported')]).toEqual([2, 1, 1]);
  expect((await engine.call('audit.verify', {})).ok).toBe(true);
});
