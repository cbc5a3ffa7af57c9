import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { BackedUpOffice } from './office.ts';

let world: BackedUpOffice;
beforeAll(async () => {
  world = await BackedUpOffice.open();
});
afterAll(() => world.close());

it('anchors that cannot be read are not left out in silence; a link to nothing holds none', async () => {
  const { anchors, certificates } = world.office.folder;
  symlinkSync('/không/có', join(anchors, 'cũ.pem'));
  await world.create(world.newTarget());
  rmSync(certificates, { recursive: true });
  writeFileSync(certificates, 'no folder');
  try {
    await expect(world.create(world.newTarget())).rejects.toMatchObject({ code: 'store.damaged' });
  } finally {
    rmSync(certificates);
    mkdirSync(certificates);
  }
});

it('one anchor that the disk does not give back is not left out in silence', async () => {
  const { anchors } = world.office.folder;
  // Linux gives EIO to whoever reads there.
  symlinkSync('/proc/self/mem', join(anchors, 'hỏng.pem'));
  await expect(world.create(world.newTarget())).rejects.toMatchObject({ code: 'store.damaged' });
  rmSync(join(anchors, 'hỏng.pem'));
});

it('anchors go into a set under names that every system can hold', async () => {
  const { certificates } = world.office.folder;
  const names = ['Gốc: 1.pem', 'Gốc_ 1.pem', 'Sở.der'.normalize('NFD'), 'tắt.pem ', 'chữ.pem', 'CHỮ.pem'];
  for (const name of names) writeFileSync(join(certificates, name), name);
  const target = world.newTarget();
  const { trust } = (await world.create(target)).manifest;
  const kept = trust.filter(({ folder }) => folder === 'certificates');
  expect(kept.map(({ base64 }) => Buffer.from(base64, 'base64').toString()).toSorted()).toEqual(
    names.filter((name) => !name.endsWith(' ')).toSorted(),
  );
  expect(new Set(kept.map(({ name }) => name.normalize('NFC').toLowerCase())).size).toBe(5);
  const to = world.newPath();
  await world.restore(target, { to });
  expect(readdirSync(dataFolderAt(to).certificates)).toHaveLength(5);
  for (const name of names) rmSync(join(certificates, name));
});
