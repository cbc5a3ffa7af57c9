import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Engine } from '../../core/engine/engine.ts';
import { MANIFEST, SEAL } from '../../core/sync/media/format.ts';
import { sealOf } from '../../core/sync/media/seal.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { MediaWorld } from './media-office.ts';
import { commune, province } from './office.ts';
import { newPackage } from './packages.ts';

/** For the tests of one file: a queue of three arrivals, one with a correction, and a status. */
export function queuedWorld(): MediaWorld {
  const world = new MediaWorld();
  beforeAll(async () => {
    await world.setUp();
    await world.queue(world.data, [1, 2, 3], [2]);
    world.queueStatus(world.data, 'H99,2026/11/20,7816/UBND-VP');
  });
  afterAll(() => world.end());
  return world;
}

/** An e-document of the province for the commune, each name another one. */
export const letter = (name: string): Buffer =>
  newPackage(
    province,
    [commune],
    Buffer.concat([rawPdf({ objects: onePageObjects() }), Buffer.from(`% ${name}\n`)]),
  );

export const exported = async (engine: Engine, path: string) => {
  const { package: made } = await engine.call('sync.export', { path });
  if (!made) throw new Error('nothing was exported');
  return made;
};

/** Takes the one answer that lies there. */
export const imported = async (engine: Engine, path: string) => {
  const { answers } = await engine.call('sync.import', { path });
  const [only] = answers;
  if (answers.length !== 1 || !only) throw new Error(`${answers.length} instead of 1`);
  return only;
};

/** An answer's manifest as its writer would have sealed it, with something else in it. */
export function rewrite(folder: string, change: (manifest: Record<string, unknown>) => unknown): void {
  const path = join(folder, MANIFEST);
  const changed = Buffer.from(JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  writeFileSync(path, changed);
  writeFileSync(join(folder, SEAL), sealOf(changed, commune.secret, 'answer'));
}
