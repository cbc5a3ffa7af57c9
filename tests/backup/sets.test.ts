import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newestSet } from '../../core/backup/newest-set.ts';
import { openTarget } from '../../core/backup/target.ts';
import { dataFolderAt, prepareDataFolder } from '../../core/store/data-folder.ts';
import { BackedUpOffice, verdictsOf } from './office.ts';

let world: BackedUpOffice;
beforeAll(async () => {
  world = await BackedUpOffice.open();
  world.office.enter({ subject: 'Sửa đường liên thôn' });
  await world.store();
  await world.store();
});
afterAll(() => world.close());

const existing = { begin: 'existing' } as const;
const poolFiles = (target: string) =>
  readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) => /[0-9a-f]{64}$/.test(path));

describe('a backup set', () => {
  it('holds register, files, certificates and counts, and is whole', async () => {
    writeFileSync(join(world.office.folder.anchors, 'gốc.pem'), 'a certificate');
    const target = world.newTarget();
    const made = await world.create(target);
    expect(made).toMatchObject({
      copied: { files: 2 },
      auditOk: true,
      continuesNewest: true,
      sameDisk: true,
    });
    expect(made.manifest).toMatchObject({
      kind: 'full',
      agency: { name: 'UBND xã Hòa Thịnh', organId: 'H99.33' },
      counts: { arrivals: 1, documents: 1, outboxPending: 0 },
      lastNumbers: [{ registerName: 'Sổ văn bản đến', year: 2026, number: 1 }],
      trust: [{ folder: 'signature', name: 'gốc.pem' }],
    });
    expect(await verdictsOf(target)).toMatchObject([{ ok: true, manifestSha256: made.manifestSha256 }]);
    expect(readdirSync(world.office.folder.scratch)).toEqual([]);
  });

  it('is closed to others where the drive can do that', async () => {
    const { path } = await world.create(world.newTarget());
    for (const file of [path, join(path, 'register.db'), join(path, 'manifest.json')])
      expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('holds no secret of the office and nothing of this machine', async () => {
    const { folder } = world.office;
    writeFileSync(folder.serverSecret, 'mật khẩu tại tỉnh', { mode: 0o600 });
    mkdirSync(folder.tokenTries, { recursive: true });
    writeFileSync(join(folder.tokenTries, 'try'), 'tries of a token');
    const target = world.newTarget();
    await world.create(target);
    const all = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(all.length).toBeGreaterThan(4);
    for (const entry of all) {
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      expect(text).not.toContain('mật khẩu tại tỉnh');
      expect(text).not.toContain(Buffer.from('mật khẩu tại tỉnh').toString('base64'));
      expect(text).not.toContain('tries of a token');
    }
  });

  it('is of one moment while the office goes on, and what comes later is in the next', async () => {
    const target = world.newTarget();
    const { database, audit } = world.office;
    const made = await world.create(target, {
      snapshot: async () => {
        const path = world.objects.scratchPath('.backup-register');
        const copying = database.snapshot(path);
        world.office.enter();
        audit.append({ actor: 'chị Lan', action: 'test.meanwhile', subject: 'x' });
        await copying;
        audit.append({ actor: 'chị Lan', action: 'test.later', subject: 'x' });
        return path;
      },
    });
    const entries = (await audit.verify()).entries;
    expect(made.manifest.audit.entries).toBeLessThan(entries);
    expect((await world.create(target, existing)).manifest.audit.entries).toBe(entries);
    expect((await verdictsOf(target)).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('copies only what the target has not yet; a full one copies all', async () => {
    const target = world.newTarget();
    const all = (await world.create(target)).copied.files;
    expect((await world.create(target, existing)).copied.files).toBe(0);
    await world.store();
    const third = await world.create(target, existing);
    expect([third.manifest.kind, third.copied.files]).toEqual(['incremental', 1]);
    const full = await world.create(target, { ...existing, kind: 'full' });
    expect([full.manifest.kind, full.copied.files]).toEqual(['full', all + 1]);
    expect((await verdictsOf(target)).every(({ ok }) => ok)).toBe(true);
  });

  it('is full for the first time in each month', async () => {
    const target = world.newTarget();
    await world.create(target);
    world.office.clock.set('2026-12-01T00:00:00Z');
    expect((await world.create(target, existing)).manifest.kind).toBe('full');
    expect((await world.create(target, existing)).manifest.kind).toBe('incremental');
  });

  it('heals a file that a drive has cut short', async () => {
    const target = world.newTarget();
    await world.create(target);
    const [first = ''] = poolFiles(target);
    writeFileSync(join(target, first), 'cut');
    expect((await verdictsOf(target))[0]?.ok).toBe(false);
    expect((await world.create(target, existing)).copied.files).toBe(1);
    expect((await verdictsOf(target)).every(({ ok }) => ok)).toBe(true);
  });

  it('leaves out what is in quarantine, and takes it out of earlier sets', async () => {
    const target = world.newTarget();
    const secret = await world.store('tài liệu mật quét nhầm');
    await world.create(target);
    expect(poolFiles(target).some((path) => path.endsWith(secret))).toBe(true);
    await world.quarantine(secret);
    const made = await world.create(target, existing);
    expect(made.manifest.withheld).toEqual([secret]);
    expect(poolFiles(target).some((path) => path.endsWith(secret))).toBe(false);
    expect(await verdictsOf(target)).toMatchObject([
      { ok: true, purged: 0 },
      { ok: true, purged: 1 },
    ]);
  });

  it('that was made is not denied where earlier ones could not be tidied up, and the rest of it is', async () => {
    const target = world.newTarget();
    const secrets = [await world.store('tài liệu mật khác'), await world.store('tài liệu mật nữa')];
    const [first = '', second = ''] = secrets.toSorted();
    const old = await world.create(target);
    await world.create(target, existing);
    for (const secret of secrets) await world.quarantine(secret);
    const pool = join(target, poolFiles(target).find((path) => path.endsWith(first)) ?? '');
    rmSync(pool);
    mkdirSync(pool);
    const made = await world.create(target, { ...existing, keep: 2 });
    expect(made.untidied).not.toBeNull();
    expect(made.removed).toEqual([old.manifest.name]);
    expect(poolFiles(target).filter((path) => path.endsWith(second))).toEqual([]);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true, name: made.manifest.name }, { ok: false }]);
  });

  it('says which stored files the data folder has lost, and pushes out no earlier set', async () => {
    const target = world.newTarget();
    await world.create(target);
    const lost = await world.store();
    const damaged = await world.store();
    const at = world.objects.path(damaged);
    rmSync(world.objects.path(lost));
    renameSync(at, `${at}.kept`);
    writeFileSync(at, readFileSync(`${at}.kept`).fill('x'));
    try {
      const made = await world.create(target, { ...existing, keep: 1 });
      expect([made.manifest.missing, made.removed]).toEqual([[lost, damaged].toSorted(), []]);
      expect((await verdictsOf(target)).map(({ ok }) => ok)).toEqual([false, true]);
    } finally {
      rmSync(at);
      renameSync(`${at}.kept`, at);
      world.office.database.run('DELETE FROM object WHERE sha256 = @lost', { lost });
    }
  });
});

describe('sets beyond the number to keep', () => {
  it('go, with what only they used; the one just made never does', async () => {
    const target = world.newTarget();
    const names = [];
    for (let round = 0; round < 4; round++)
      names.push((await world.create(target, { begin: 'new', kind: 'full' })).manifest.name);
    const last = await world.create(target, { ...existing, keep: 2 });
    expect(last.removed.toSorted()).toEqual(names.slice(0, 3));
    expect(readdirSync(join(target, 'sets')).toSorted()).toEqual([names[3], last.manifest.name]);
    expect(readdirSync(target).filter((name) => name.startsWith('objects-'))).toHaveLength(1);
    expect((await world.create(target, { ...existing, keep: 1 })).removed).toHaveLength(2);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true }]);
  });

  it('stay when the clock was set back', async () => {
    const target = world.newTarget();
    const first = await world.create(target);
    world.office.clock.set('2026-11-01T00:00:00Z');
    const back = await world.create(target, { ...existing, keep: 1 });
    expect(back.removed).toEqual([first.manifest.name]);
    expect(await verdictsOf(target)).toMatchObject([{ ok: true, name: back.manifest.name }]);
    world.office.clock.set('2026-12-02T00:00:00Z');
  });

  it('are counted by what they hold, also where the clock ran ahead for a day', async () => {
    const target = world.newTarget();
    const { audit, clock } = world.office;
    const grown = async (more: object = existing) => {
      audit.append({ actor: 'chị Lan', action: 'test.day', subject: 'x' });
      return (await world.create(target, more)).manifest;
    };
    const right = clock.now().toISOString();
    clock.set('2030-05-01T00:00:00Z');
    const ahead = await grown({});
    clock.set(right);
    const [second, third] = [await grown(), await grown()];
    // Incremental, though the newest pool by its name is of another month.
    expect([second.kind, third.kind]).toEqual(['full', 'incremental']);
    const { target: opened } = await openTarget(target);
    expect(await newestSet(opened)).toBe(third.name);
    audit.append({ actor: 'chị Lan', action: 'test.day', subject: 'x' });
    const last = await world.create(target, { ...existing, keep: 2 });
    expect(last.removed.toSorted()).toEqual([second.name, ahead.name].toSorted());
  });

  it('take nothing with them that lies elsewhere behind a link', async () => {
    const target = world.newTarget();
    await world.create(target);
    await world.create(target, existing);
    const elsewhere = world.newTarget();
    const pool = readdirSync(target).find((name) => name.startsWith('objects-')) ?? '';
    writeFileSync(join(elsewhere, 'thư riêng.docx'), 'x');
    writeFileSync(join(elsewhere, '.part-riêng'), 'x');
    symlinkSync(elsewhere, join(target, pool, 'zz'));
    symlinkSync(elsewhere, join(target, 'objects-20200101-000000-0000'));
    await world.create(target, { ...existing, keep: 1 });
    expect(readdirSync(elsewhere).toSorted()).toEqual(['.part-riêng', 'thư riêng.docx']);
  });

  it('of a register that this one does not go on from stay, as after restoring an older set', async () => {
    const target = world.newTarget();
    const old = await world.create(target);
    world.office.audit.append({ actor: 'chị Lan', action: 'test.lost', subject: 'x' });
    const newer = await world.create(target, existing);
    const { database } = world.office;
    // As if the older set had been restored: the log goes on from there.
    database.run('DROP TRIGGER audit_kept');
    database.run('DELETE FROM audit WHERE sequence > @n', { n: old.manifest.audit.entries });
    const made = await world.create(target, { ...existing, keep: 1 });
    expect(made.continuesNewest).toBe(false);
    expect(made.removed).toEqual([old.manifest.name]);
    expect(readdirSync(join(target, 'sets'))).toContain(newer.manifest.name);
  });

  it('keep their files while a set that cannot be read may use them', async () => {
    const target = world.newTarget();
    const first = await world.create(target, { kind: 'full' });
    writeFileSync(join(first.path, 'manifest.json'), '{');
    await world.create(target, { ...existing, kind: 'full' });
    const before = poolFiles(target).length;
    expect((await world.create(target, { ...existing, keep: 1 })).removed).toHaveLength(1);
    expect(poolFiles(target)).toHaveLength(before);
    expect(existsSync(first.path)).toBe(true);
  });
});

describe('a folder for backups', () => {
  it('that is not there is not made, as when the drive is not plugged in', async () => {
    const path = world.newPath();
    await expect(world.create(path, existing)).rejects.toMatchObject({ code: 'backup.no-target' });
    expect(existsSync(path)).toBe(false);
    await expect(world.create(join(path, 'deeper'))).rejects.toMatchObject({ code: 'backup.target-failed' });
    expect(existsSync(path)).toBe(false);
  });

  it('with other files in it is not used', async () => {
    const target = world.newTarget();
    writeFileSync(join(target, 'ảnh cưới.jpg'), 'x');
    await expect(world.create(target)).rejects.toMatchObject({ code: 'backup.target-not-empty' });
    expect(readdirSync(target)).toEqual(['ảnh cưới.jpg']);
  });

  it('of another office is not used', async () => {
    const target = world.newTarget();
    await world.create(target);
    const other = await BackedUpOffice.open();
    try {
      await expect(other.create(target, existing)).rejects.toMatchObject({ code: 'backup.other-agency' });
      await expect(other.create(target)).rejects.toMatchObject({ code: 'backup.other-agency' });
    } finally {
      other.close();
    }
  });

  it.each([
    ['in the data folder', (root: string) => join(root, 'sao lưu')],
    ['that is the data folder', (root: string) => root],
    ['around the data folder', (root: string) => join(root, '..')],
    [
      'that a link leads into the data folder',
      (root: string) => {
        const link = world.newPath();
        symlinkSync(root, link);
        return join(link, 'sao lưu');
      },
    ],
  ])('%s is refused', async (_where, place) => {
    const path = place(world.office.folder.root);
    await expect(world.create(path)).rejects.toMatchObject({ code: 'backup.inside-data' });
  });

  it('whose pool leads elsewhere by a link is not written to', async () => {
    const target = world.newTarget();
    await world.create(target);
    const pool = readdirSync(target).find((name) => name.startsWith('objects-')) ?? '';
    const elsewhere = world.newTarget();
    renameSync(join(target, pool), join(elsewhere, 'pool'));
    symlinkSync(join(elsewhere, 'pool'), join(target, pool));
    await world.store();
    await expect(world.create(target, existing)).rejects.toMatchObject({ code: 'backup.target-failed' });
  });
});

it('a damaged register is not backed up over sound ones', async () => {
  const target = world.newTarget();
  await world.create(target);
  const spoiled = world.objects.scratchPath('.backup-register');
  const snapshot = async () => {
    await world.office.database.snapshot(spoiled);
    const bytes = readFileSync(spoiled);
    bytes.fill(0x5a, 4096 * 3, 4096 * 6);
    writeFileSync(spoiled, bytes);
    return spoiled;
  };
  await expect(world.create(target, { ...existing, snapshot, keep: 1 })).rejects.toMatchObject({
    code: 'store.damaged',
  });
  expect(await verdictsOf(target)).toMatchObject([{ ok: true }]);
  expect(existsSync(spoiled)).toBe(false);
});

it('two backups of the same data do not run at once', async () => {
  const target = world.newTarget();
  const inner: Promise<unknown>[] = [];
  await world.create(target, {
    snapshot: async () => {
      inner.push(world.create(world.newTarget()).catch((error: unknown) => error));
      await inner[0];
      const path = world.objects.scratchPath('.backup-register');
      await world.office.database.snapshot(path);
      return path;
    },
  });
  expect(await inner[0]).toMatchObject({ code: 'store.busy' });
});

it('two computers with the same office do not write into one folder at once', async () => {
  const target = world.newTarget();
  await world.create(target);
  // The old computer, come back to life beside the restored one.
  const old = dataFolderAt(world.newPath());
  await prepareDataFolder(old);
  const snapshot = async () => {
    const path = join(old.scratch, 'copy.backup-register');
    await world.office.database.snapshot(path);
    return path;
  };
  await world.store();
  let other: Promise<unknown> | undefined;
  await world.create(target, {
    ...existing,
    onProgress: () => {
      other ??= world
        .create(target, { ...existing, folder: old, snapshot, keep: 1 })
        .catch((error: unknown) => error);
    },
  });
  expect(await other).toMatchObject({ code: 'backup.target-busy' });
  expect((await verdictsOf(target)).map(({ ok }) => ok)).toEqual([true, true]);
});
