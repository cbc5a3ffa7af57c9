import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackedUpOffice, verdictsOf } from './office.ts';

/** Real volumes, as tests/bad-input/disk.test.ts has them: a small tmpfs in the place of the backup drive. */
let world: BackedUpOffice;
let drive: string;
let target: string;
beforeEach(async () => {
  world = await BackedUpOffice.open();
  drive = world.newPath();
  mkdirSync(drive);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m,mode=700', 'an-thu-test', drive]);
  target = join(drive, 'an-thu');
  await world.store();
  await world.create(target);
});
afterEach(() => {
  execFileSync('umount', ['-l', drive]);
  world.close();
});

const next = { begin: 'existing' } as const;

describe('a backup drive', () => {
  it('is another disk than the data', async () => {
    expect((await world.create(target, next)).sameDisk).toBe(false);
  });

  it('that has no room is told before anything is copied, and takes the set once it has', async () => {
    writeFileSync(join(drive, 'ballast'), Buffer.alloc(2 << 20));
    await world.store('x'.repeat(3_000_000));
    await expect(world.create(target, next)).rejects.toMatchObject({ code: 'backup.target-full' });
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }]);
    writeFileSync(join(drive, 'ballast'), '');
    expect((await world.create(target, next)).copied.files).toBe(1);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('that fills up in the middle costs the set under way only', async () => {
    await world.store('x'.repeat(200_000));
    await world.store('y'.repeat(900_000));
    const onProgress = (done: number) => {
      if (done === 1)
        execFileSync('sh', ['-c', 'cat /dev/zero > "$0" || true', join(drive, 'ballast')], { stdio: 'pipe' });
    };
    await expect(world.create(target, { ...next, onProgress })).rejects.toMatchObject({
      code: 'backup.target-full',
    });
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }]);
    writeFileSync(join(drive, 'ballast'), '');
    expect((await world.create(target, next)).leftovers).toBe(0);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it.each([
    [
      'becomes read-only',
      // As after an error of the drive: also for who has a file of it open, which `remount` would not do.
      () => {
        execFileSync('mount', ['--bind', target, target]);
        execFileSync('mount', ['-o', 'remount,bind,ro', target]);
      },
      () => execFileSync('umount', [target]),
    ],
    ['is pulled out', () => renameSync(target, `${target}.away`), () => renameSync(`${target}.away`, target)],
  ])('that %s in the middle costs the set under way only', async (_what, take, giveBack) => {
    for (let n = 0; n < 3; n++) await world.store();
    const onProgress = (done: number) => {
      if (done === 1) take();
    };
    await expect(world.create(target, { ...next, onProgress })).rejects.toMatchObject({
      code: 'backup.target-failed',
    });
    giveBack();
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }]);
    await world.create(target, next);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('that is read-only can still be verified and restored from', async () => {
    execFileSync('mount', ['-o', 'remount,ro', drive]);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }]);
    expect((await world.restore(target)).files).toBe(1);
  });
});
