import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import { hashFile } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { copyRegister, putRegisterInPlace, registerFacts } from '../store/backup.ts';
import { lockDataFolder, type DataFolder } from '../store/data-folder.ts';
import { backupPath, readVersionRecord, writeVersionRecord, type UpdateBackup } from './version-record.ts';

/** How a folder was made ready for the version before. */
export interface RolledBack {
  readonly to: string;
  /** `kept`: the older program reads the register as it is; `restored`: the copy from before the update took its place. */
  readonly register: 'kept' | 'restored';
  /** Folder below `backups/` with the register as it was before rolling back; null when it was kept. */
  readonly setAside: string | null;
}

/**
 * Makes a data folder ready for the version before the last update; the older program is then installed over the newer. A
 * register whose schema did not change is kept. One that was migrated is replaced by the copy from before, but only while
 * nothing was entered since: otherwise entries would be lost, and the error says how many. What is replaced is set aside
 * first. Fails with `update.no-backup`, `update.roll-back-would-lose`, `update.backup-damaged`, `store.busy`.
 *
 * @param to version to go back to; the one before the last update when left out
 */
export async function rollBack(folder: DataFolder, clock: Clock, to?: string): Promise<RolledBack> {
  const lock = lockDataFolder(folder);
  try {
    const record = await readVersionRecord(folder);
    const backup = record?.backups.findLast((candidate) => to === undefined || candidate.from === to);
    if (record === undefined || backup === undefined) {
      throw new AnThuError('update.no-backup', { version: to ?? '–' });
    }
    const now = registerFacts(folder.database);
    const setAside = now.schemaVersion === backup.schemaVersion ? null : await restore(folder, backup, clock);
    await writeVersionRecord(folder, { ...record, lastStarted: backup.from, rolledBackTo: backup.from });
    return { to: backup.from, register: setAside === null ? 'kept' : 'restored', setAside };
  } finally {
    lock.release();
  }
}

async function restore(folder: DataFolder, backup: UpdateBackup, clock: Clock): Promise<string> {
  const path = backupPath(folder, backup.name);
  await requireUnchanged(path, backup);
  const now = registerFacts(folder.database);
  // The one entry that a first start writes of itself is no work of the office.
  const since = now.auditEntries - backup.auditEntries - 1;
  if (since > 0)
    throw new AnThuError('update.roll-back-would-lose', { entries: since, version: backup.from });
  const name = `${clock.now().toISOString().replace(/[-:]/gu, '').replace(/\.\d+/u, '')}-set-aside`;
  const aside = backupPath(folder, name);
  await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
  await copyRegister(folder.database, aside);
  await putRegisterInPlace(path, folder.database);
  return name;
}

async function requireUnchanged(path: string, backup: UpdateBackup): Promise<void> {
  const found = await hashFile(path).catch(() => undefined);
  if (found?.sha256 !== backup.sha256) throw new AnThuError('update.backup-damaged', { name: backup.name });
}
