import { unlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backupCommand } from '../../core/engine/cli/commands/backup.ts';
import { WholeSet } from './whole-set.ts';

let set: WholeSet;
beforeAll(async () => {
  set = await WholeSet.make();
  await set.world.create(set.target, { begin: 'existing' });
});
afterAll(() => set.close());

async function verify(target: string, ...more: string[]) {
  const { status, json, text } = await backupCommand(['verify', target, ...more]);
  return { status, json, text: [text].flat().join('\n') };
}

it('the command that verifies tells of each set, and of a hash on paper that none of them has', async () => {
  expect(await verify(set.target, '--manifest', set.made.manifestSha256.toUpperCase())).toMatchObject({
    status: 0,
    json: { ok: true, sets: [{ ok: true }, { ok: true, name: set.made.manifest.name }] },
  });
  const noted = 'a'.repeat(64);
  const unknown = await verify(set.target, '--manifest', noted);
  expect(unknown).toMatchObject({ status: 2, json: { ok: false, sets: [{ ok: true }, { ok: true }] } });
  expect(unknown.text).toContain(noted);
});

it('the command that verifies says what to do about damage, and leaves a newer set to its version', async () => {
  const damaged = await set.copy();
  unlinkSync(set.pooled(damaged));
  const told = await verify(damaged, '--set', set.made.manifest.name);
  expect(told).toMatchObject({
    status: 2,
    json: { ok: false, sets: [{ problems: [{ problem: 'missing' }] }] },
  });
  expect(told.text).toContain('--full');
  const newer = await set.copy();
  set.change(newer, (manifest) => void (manifest['format'] = 'an-thu-backup-2'));
  expect(await verify(newer)).toMatchObject({
    status: 1,
    json: { ok: false, sets: [{ ok: true }, { ok: false }] },
  });
});

it('the drill refuses a set that is not the one noted on paper', async () => {
  const { manifestSha256, manifest } = set.made;
  const drill = (noted: string) =>
    backupCommand([
      'restore',
      set.target,
      '--drill',
      '--data',
      set.world.newPath(),
      '--set',
      manifest.name,
      '--manifest',
      noted,
    ]);
  await expect(drill('a'.repeat(64))).rejects.toMatchObject({ code: 'backup.not-the-noted' });
  expect(await drill(manifestSha256)).toMatchObject({
    status: 0,
    json: { ok: true, drill: true, since: null },
  });
});
