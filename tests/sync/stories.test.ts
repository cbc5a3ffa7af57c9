import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { faultKinds } from '../../scripts/provincial-server/misbehaviour.ts';
import { handlingOf } from '../../core/sync/failure.ts';
import { arrivalRecord, commune, province, startWorld, type World } from './office.ts';
import { newPackage, statusOf } from './packages.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.end());

/** Does what the durable queue does: repeats until it succeeds; a blocked operation fails the test. */
async function persist(work: () => Promise<unknown>, uploadAgain: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    try {
      await work();
      return;
    } catch (thrown) {
      const handling = handlingOf(thrown);
      if (handling.kind === 'blocked') throw thrown;
      if (handling.kind === 'upload-again') await uploadAgain().catch(() => undefined);
    }
  }
  throw new Error('the network never let it through');
}

describe('random network stories', () => {
  it('end with exactly one effect per operation, whatever the network does', async () => {
    let story = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.subarray([...faultKinds], { minLength: 1 }),
        fc.array(fc.constantFrom('record', 'status', 'repeat'), { minLength: 1, maxLength: 6 }),
        async (seed, among, steps) => {
          story += 1;
          const before = { records: world.server.records().length, statuses: world.server.statuses().length };
          world.server.misbehave({ random: { seed, probability: 0.4, among } });
          let records = 0;
          let statuses = 0;
          let last: () => Promise<void> = () => Promise.resolve();
          for (const [index, step] of steps.entries()) {
            const id = `story-${story}-step-${index}-${step}`;
            if (step === 'record') {
              records += 1;
              const pdf = world.object(`%PDF-1.7 ${id} ${'x'.repeat(20_000)}`, `${id}.pdf`);
              const record = arrivalRecord(id, story * 100 + index, pdf);
              const upload = () => world.connector.uploadObject(pdf);
              last = async () => {
                await persist(upload, upload);
                await persist(() => world.connector.sendArrivalRecord(id, record), upload);
              };
            } else if (step === 'status') {
              statuses += 1;
              const status = statusOf(commune, `H99,2026/11/20,${index}/UBND-${story}`, '01');
              last = () =>
                persist(
                  () => world.connector.sendStatus(id, status),
                  () => Promise.resolve(),
                );
            }
            await last();
          }
          world.server.misbehave({});
          expect(world.server.records().length - before.records).toBe(records);
          expect(world.server.statuses().length - before.statuses).toBe(statuses);
          const ids = world.server.records().map((stored) => stored.record.operationId);
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 20, seed: 20261121 },
    );
  });

  it('end with every package fetched whole and the inbox empty', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const content = newPackage(province, [commune], Buffer.from(`%PDF- ${seed}`));
        const { sha256 } = await world.server.inboxPut(commune.officeId, content);
        world.server.misbehave({ random: { seed, probability: 0.5, among: [...faultKinds] } });
        await persist(
          async () => {
            for (const item of (await world.connector.listInbox()).items) {
              expect(item.sha256).toBe(sha256);
              await world.connector.fetchPackage(item, `${world.dir}/in.edxml`);
              await world.connector.acknowledgePackage(item);
            }
          },
          () => Promise.resolve(),
        );
        world.server.misbehave({});
        expect((await world.connector.listInbox()).items).toEqual([]);
      }),
      { numRuns: 15, seed: 20261121 },
    );
  });
});
