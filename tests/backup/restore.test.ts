import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditLog } from '../../core/audit/audit-log.ts';
import { ArrivalRegister } from '../../core/register/arrival-register.ts';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { openGaps } from '../../core/register/number-gaps.ts';
import { dataFolderAt, lockDataFolder, prepareDataFolder } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { letter } from '../lib/sample-office.ts';
import { problemsOf } from './office.ts';
import { WholeSet } from './whole-set.ts';

let set: WholeSet;
beforeAll(async () => {
  set = await WholeSet.make();
});
afterAll(() => set.close());

function openRestored(path: string) {
  const folder = dataFolderAt(path);
  const database = Database.open(folder.database);
  const { clock } = set.world.office;
  const audit = new AuditLog(database, clock);
  return { folder, database, audit, register: new ArrivalRegister(database, audit, clock) };
}

describe('a restored office', () => {
  it('has its register, files and certificates again, and says in its log where it came from', async () => {
    const to = set.world.newPath();
    const done = await set.world.restore(set.target, {
      to,
      serverSecret: 'mật khẩu',
      noted: set.made.manifestSha256,
    });
    expect(done).toMatchObject({ files: 3, absent: [], withheld: [], gaps: [] });
    expect(done.settings).toEqual({ modules: [], watchedFolders: [], serverUrl: null, tsaUrl: null });
    const { folder, database, audit, register } = openRestored(to);
    try {
      expect(register.list({ query: 'duong', offset: 0, limit: 9 }).rows).toMatchObject([{ number: 1 }]);
      for (const { sha256 } of set.made.manifest.objects) {
        const bytes = readFileSync(join(folder.objects, sha256.slice(0, 2), sha256));
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      }
      expect(readFileSync(join(folder.anchors, 'gốc.pem'), 'utf8')).toBe('a certificate');
      expect(readFileSync(folder.serverSecret, 'utf8')).toBe('mật khẩu');
      expect(await audit.verify(set.made.manifest.audit.head ?? '')).toMatchObject({ ok: true });
      expect(audit.list({ limit: 1 })).toMatchObject([
        {
          action: 'register.restored',
          actor: 'quản trị',
          data: { set: set.made.manifest.name, manifestSha256: set.made.manifestSha256 },
        },
      ]);
      expect(readdirSync(to).filter((name) => /part|restoring/.test(name))).toEqual([]);
    } finally {
      database.close();
    }
  });

  it('lacks no file in silence that went away after the set was verified', async () => {
    const target = await set.copy();
    const onProgress = (step: string, done: number, total: number) => {
      if (step === 'verify' && done === total) unlinkSync(set.pooled(target));
    };
    const to = set.world.newPath();
    await expect(set.world.restore(target, { to, onProgress })).rejects.toMatchObject({
      code: 'backup.damaged',
      detail: { first: set.made.manifest.objects[0]?.sha256 },
    });
    expect(existsSync(join(to, 'register.db'))).toBe(false);
  });

  it('has no file that went into quarantine since, also when a backup takes it out of the set meanwhile', async () => {
    const { world } = set;
    const target = world.newTarget();
    const secrets = [await world.store(), await world.store()];
    const { manifest } = await world.create(target);
    await world.quarantine(secrets[0]!);
    const next = await world.create(target, { begin: 'existing' });
    const onProgress = (step: string, done: number, total: number) => {
      if (step !== 'verify' || done !== total) return;
      // As the next backup leaves it, which nothing here waits for.
      unlinkSync(join(target, manifest.pool, secrets[1]!.slice(0, 2), secrets[1]!));
      const path = join(next.path, 'manifest.json');
      const later = { ...next.manifest, withheld: secrets.toSorted() };
      later.objects = later.objects.filter(({ sha256 }) => sha256 !== secrets[1]);
      writeFileSync(path, JSON.stringify(later));
    };
    const done = await world.restore(target, { name: manifest.name, onProgress });
    expect(done.withheld).toEqual(secrets.toSorted());
    expect(done.files).toBe(manifest.objects.length - 2);
    world.office.database.run('DELETE FROM object WHERE sha256 IN (@a, @b)', {
      a: secrets[0]!,
      b: secrets[1]!,
    });
  });

  it('gives no number that was given since the backup, until the document that bore it comes back', async () => {
    const { arrivals, secondRegister } = set.world.office;
    const to = set.world.newPath();
    const done = await set.world.restore(set.target, {
      to,
      lastNumbers: [
        { register: 'Sổ văn bản đến', year: 2026, number: 4 },
        { register: secondRegister, year: 2026, number: 1 },
      ],
    });
    expect(done.gaps).toEqual([{ registerId: arrivals, year: 2026, first: 2, last: 4 }]);
    const { database, audit, register } = openRestored(to);
    try {
      const enter = (lostNumber?: { year: number; number: number }) => {
        const id = `document-${Math.random()}`;
        database.run(
          `INSERT INTO document (id, agency_id, created_at, state) SELECT @id, id, created_at, 'registered' FROM agency`,
          { id },
        );
        const entry = {
          registerId: arrivals,
          documentId: id,
          origin: 'paper' as const,
          fields: letter(),
          duplicateAccepted: false,
        };
        return register.enter({ ...entry, lostNumber }, 'chị Lan').number;
      };
      expect(enter()).toBe(5);
      expect(enter({ year: 2026, number: 3 })).toBe(3);
      expect(openGaps(database)).toMatchObject([{ missing: [2, 4] }]);
      expect(audit.list({ limit: 9 }).map(({ action }) => action)).toContain('register.numbers-missing');
    } finally {
      database.close();
    }
  });

  it('is an office like any other once it was opened: nothing clears its folder away as half restored', async () => {
    const to = set.world.newPath();
    await set.world.restore(set.target, { to });
    // As a power cut behind the last step leaves it.
    writeFileSync(join(to, 'restoring.json'), '{}');
    await (await openEngine({ dataDir: to, mode: 'idle', spawner: createNodeSpawner() })).close();
    rmSync(join(to, 'register.db'));
    await expect(set.world.restore(set.target, { to })).rejects.toMatchObject({
      code: 'backup.folder-not-empty',
    });
    expect(existsSync(join(to, 'objects'))).toBe(true);
  });

  it('keeps the count of wrong PINs that is there', async () => {
    const to = set.world.newPath();
    mkdirSync(dataFolderAt(to).tokenTries, { recursive: true });
    writeFileSync(join(dataFolderAt(to).tokenTries, 'try'), 'x');
    await set.world.restore(set.target, { to });
    expect(readdirSync(dataFolderAt(to).tokenTries)).toEqual(['try']);
  });

  it('is backed up into the same folder again', async () => {
    const target = await set.copy();
    const to = set.world.newPath();
    await set.world.restore(target, { to });
    const { folder, database } = openRestored(to);
    try {
      const snapshot = async () => {
        const path = join(folder.scratch, 'copy.backup-register');
        await database.snapshot(path);
        return path;
      };
      const next = await set.world.create(target, { folder, snapshot, begin: 'existing' });
      expect(next).toMatchObject({ continuesNewest: true, copied: { files: 0 } });
      expect(await problemsOf(target)).toEqual([]);
    } finally {
      database.close();
    }
  });
});
describe('a folder to restore into', () => {
  it.each([
    [
      'that holds an office',
      async (path: string) => void (await set.world.restore(set.target, { to: path })),
    ],
    [
      'that holds anything else',
      (path: string) => (mkdirSync(path), writeFileSync(join(path, 'thư.docx'), 'x')),
    ],
    ['that is a file', (path: string) => writeFileSync(path, 'x')],
  ])('%s is left alone', async (_what, prepare) => {
    const to = set.world.newPath();
    await prepare(to);
    const before = existsSync(join(to, 'register.db')) ? readFileSync(join(to, 'register.db')) : undefined;
    await expect(set.world.restore(set.target, { to })).rejects.toMatchObject({
      code: expect.stringMatching(/^(backup\.folder-not-empty|store\.cannot-write)$/),
    });
    if (before) expect(readFileSync(join(to, 'register.db')).equals(before)).toBe(true);
  });

  it('where another restore is at work is busy', async () => {
    const folder = dataFolderAt(set.world.newPath());
    mkdirSync(folder.root);
    const lock = lockDataFolder(folder);
    try {
      await expect(set.world.restore(set.target, { to: folder.root })).rejects.toMatchObject({
        code: 'store.busy',
      });
    } finally {
      lock.release();
    }
  });

  it('where a restore was interrupted is begun anew', async () => {
    const folder = dataFolderAt(set.world.newPath());
    await prepareDataFolder(folder);
    writeFileSync(join(folder.root, 'restoring.json'), '{}');
    writeFileSync(join(folder.objects, 'half'), 'x');
    writeFileSync(`${folder.database}.part`, 'half a register');
    await set.world.restore(set.target, { to: folder.root });
    expect(existsSync(join(folder.objects, 'half'))).toBe(false);
    expect(readdirSync(folder.root).toSorted()).toEqual(
      ['engine.lock', 'objects', 'quarantine', 'register.db', 'scratch', 'trust', 'versions.json'].toSorted(),
    );
  });
});
it('a set that is not there is not restored', async () => {
  const name = '20200101-000000-0000';
  await expect(set.world.restore(set.target, { name })).rejects.toMatchObject({ code: 'backup.no-set' });
  await expect(set.world.restore(set.target, { name: '../..' })).rejects.toMatchObject({
    code: 'backup.no-set',
  });
  await expect(set.world.restore(set.world.newPath())).rejects.toMatchObject({ code: 'backup.no-target' });
});
