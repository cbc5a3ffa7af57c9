import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../../core/audit/audit-log.ts';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { version as ownVersion } from '../../core/engine/version.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { foldVietnamese } from '../../core/shared/fold.ts';
import { registerFacts } from '../../core/store/backup.ts';
import { dataFolderAt, lockDataFolder, type DataFolder } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { schemaVersion } from '../../core/store/migrate.ts';
import { beforeFirstStart } from '../../core/updates/first-start.ts';
import { rollBack } from '../../core/updates/roll-back.ts';
import { backupPath, readVersionRecord } from '../../core/updates/version-record.ts';

/** The data of an office that worked with the first version: schema 1, five entries in its log. */
const firstVersion = join(import.meta.dirname, '..', 'fixtures', 'schema', 'version-1.sql');

let folder: DataFolder;
beforeEach(() => {
  folder = dataFolderAt(mkdtempSync(join(tmpdir(), 'an-thu-first-start-')));
  const handle = new BetterSqlite(folder.database);
  handle.function('vfold', { deterministic: true }, (text: unknown) => foldVietnamese(String(text ?? '')));
  handle.exec(readFileSync(firstVersion, 'utf8'));
  handle.close();
});
afterEach(() => rmSync(folder.root, { recursive: true, force: true }));

/** A program of a version opens the folder and works on it; `entries` things happen. */
async function start(version: string, entries = 0) {
  const first = await beforeFirstStart(folder, version, systemClock);
  const database = Database.open(folder.database);
  const audit = new AuditLog(database, systemClock);
  const note = (action: string) => audit.append({ actor: 'test', action, subject: 'test' });
  if (first) note('program.updated');
  for (let index = 0; index < entries; index++) note('register.entered');
  database.close();
  return first;
}

const files = (path: string) => readdirSync(path).toSorted();

describe('the first start of a newer version', () => {
  it('leaves a checked copy of the register as it was, before anything is migrated', async () => {
    const before = registerFacts(folder.database);
    expect(before).toMatchObject({ schemaVersion: 1, auditEntries: 5 });
    const first = await start('1.1.0');
    expect(first).toMatchObject({ from: '0.0.0', to: '1.1.0' });
    expect(registerFacts(backupPath(folder, first?.backup ?? ''))).toEqual(before);
    expect(registerFacts(folder.database).schemaVersion).toBe(schemaVersion);
  });

  it('happens once', async () => {
    await start('1.1.0');
    expect(await start('1.1.0')).toBeUndefined();
    expect(files(join(folder.root, 'backups'))).toHaveLength(1);
    expect(await start('1.2.0')).toMatchObject({ from: '1.1.0', to: '1.2.0' });
  });

  it('of a fresh folder needs no copy', async () => {
    rmSync(folder.database);
    Database.open(folder.database).close();
    expect(await start('1.1.0')).toBeUndefined();
    expect(await readVersionRecord(folder)).toMatchObject({ highest: '1.1.0', backups: [] });
  });

  it('keeps the copies of the last five updates', async () => {
    for (const minor of [1, 2, 3, 4, 5, 6, 7]) await start(`1.${minor}.0`);
    expect(files(join(folder.root, 'backups'))).toHaveLength(5);
    const record = await readVersionRecord(folder);
    expect(record?.backups.map(({ to }) => to)).toEqual(['1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0']);
  });

  it('that cannot make its copy opens and changes nothing', async () => {
    writeFileSync(join(folder.root, 'backups'), 'in the way');
    const before = readFileSync(folder.database);
    await expect(start('1.1.0')).rejects.toThrow();
    expect(readFileSync(folder.database).equals(before)).toBe(true);
    expect(await readVersionRecord(folder)).toBeUndefined();
  });

  it('is written down by the engine in the log', async () => {
    mkdirSync(folder.scratch, { recursive: true });
    const engine = await openEngine({ dataDir: folder.root, mode: 'idle', spawner: createNodeSpawner() });
    const { entries } = await engine.call('audit.list', {});
    await engine.close();
    expect(entries[0]).toMatchObject({ action: 'program.updated', data: { from: '0.0.0', to: ownVersion } });
  });
});

describe('an older program', () => {
  it('does not open what a newer one has worked on', async () => {
    await start('1.2.0');
    await expect(start('1.1.0')).rejects.toMatchObject({ code: 'update.older-program' });
  });

  it('opens it after rolling back, until a newer one is installed again', async () => {
    await start('1.1.0');
    await start('1.2.0');
    await rollBack(folder, systemClock);
    expect(await start('1.1.0')).toBeUndefined();
    expect(await start('1.1.0', 1)).toBeUndefined();
    expect(await start('1.2.0')).toMatchObject({ from: '1.1.0', to: '1.2.0' });
    await expect(start('1.1.0')).rejects.toMatchObject({ code: 'update.older-program' });
  });
});

describe('rolling back', () => {
  it('keeps the register when its schema did not change: nothing since is lost', async () => {
    await start('1.1.0');
    await start('1.2.0', 7);
    const before = registerFacts(folder.database);
    expect(await rollBack(folder, systemClock)).toEqual({ to: '1.1.0', register: 'kept', setAside: null });
    expect(registerFacts(folder.database)).toEqual(before);
  });

  it('puts back the copy from before a migration and sets the migrated register aside', async () => {
    const before = registerFacts(folder.database);
    await start('1.1.0');
    const migrated = registerFacts(folder.database);
    const done = await rollBack(folder, systemClock);
    expect(done).toMatchObject({ to: '0.0.0', register: 'restored' });
    expect(registerFacts(folder.database)).toEqual(before);
    expect(registerFacts(backupPath(folder, done.setAside ?? ''))).toEqual(migrated);
    expect(files(folder.root).filter((name) => name.startsWith('register.db'))).toEqual(['register.db']);
  });

  it('is refused when the office worked with the migrated register since, and says how much', async () => {
    await start('1.1.0', 3);
    const before = registerFacts(folder.database);
    await expect(rollBack(folder, systemClock)).rejects.toMatchObject({
      code: 'update.roll-back-would-lose',
      detail: { entries: 3 },
    });
    expect(registerFacts(folder.database)).toEqual(before);
  });

  it('does not use a copy that the disk has spoiled', async () => {
    const first = await start('1.1.0');
    const path = backupPath(folder, first?.backup ?? '');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
    writeFileSync(path, bytes);
    const before = registerFacts(folder.database);
    await expect(rollBack(folder, systemClock)).rejects.toMatchObject({ code: 'update.backup-damaged' });
    expect(registerFacts(folder.database)).toEqual(before);
  });

  it('finds nothing to go back to before the first update, or to a version that never was', async () => {
    await expect(rollBack(folder, systemClock)).rejects.toMatchObject({ code: 'update.no-backup' });
    await start('1.1.0');
    await expect(rollBack(folder, systemClock, '0.9.0')).rejects.toMatchObject({ code: 'update.no-backup' });
  });

  it('waits for nobody: a running engine keeps its register', async () => {
    await start('1.1.0');
    const lock = lockDataFolder(folder);
    await expect(rollBack(folder, systemClock)).rejects.toMatchObject({ code: 'store.busy' });
    lock.release();
  });
});

describe('the version record', () => {
  it('that is damaged stops the start instead of being guessed', async () => {
    await start('1.1.0');
    const path = join(folder.root, 'versions.json');
    expect(statSync(path).mode & 0o077).toBe(0);
    writeFileSync(path, '{"format":1,');
    await expect(start('1.1.0')).rejects.toMatchObject({ code: 'update.record-damaged' });
  });
});
