import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { GatheredSyncs } from './gathered-syncs.ts';

/** Syncs that end when the test says so. */
function heldSyncs() {
  const begun: { folder: string; end: () => void; fail: (error: Error) => void }[] = [];
  const syncs = new GatheredSyncs((folder) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    begun.push({ folder, end: resolve, fail: reject });
    return promise;
  });
  return { begun, syncs };
}

describe('new names in a folder', () => {
  test('share one sync, which begins after the last of them, and are durable only when it is done', async () => {
    const { begun, syncs } = heldSyncs();
    const done: string[] = [];
    const all = ['a', 'b', 'c'].map((name) => syncs.sync('ra').then(() => done.push(name)));
    expect(begun).toEqual([]);
    await expect.poll(() => begun.length).toBe(1);
    await sleep(15);
    expect([begun.length, done]).toEqual([1, []]);
    begun[0]?.end();
    await Promise.all(all);
    expect(done).toEqual(['a', 'b', 'c']);
  });

  test('that come while a sync is under way wait for another', async () => {
    const { begun, syncs } = heldSyncs();
    const first = syncs.sync('ra');
    await expect.poll(() => begun.length).toBe(1);
    const second = syncs.sync('ra');
    begun[0]?.end();
    await first;
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await second;
  });

  test('of other folders have a sync of their own', async () => {
    const { begun, syncs } = heldSyncs();
    const both = [syncs.sync('ra'), syncs.sync('rb')];
    await expect.poll(() => begun.map(({ folder }) => folder)).toEqual(['ra', 'rb']);
    for (const { end } of begun) end();
    await Promise.all(both);
  });

  test('are all told when the disk refuses, and the next ones are tried again', async () => {
    const { begun, syncs } = heldSyncs();
    const both = [syncs.sync('ra'), syncs.sync('ra')];
    const told = Promise.allSettled(both);
    await expect.poll(() => begun.length).toBe(1);
    begun[0]?.fail(new Error('EIO'));
    expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = syncs.sync('ra');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await next;
  });
});
