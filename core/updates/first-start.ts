import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { copyRegister, registerFacts } from '../store/backup.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { schemaVersion } from '../store/migrate.ts';
import {
  backupPath,
  readVersionRecord,
  unknownVersion,
  writeVersionRecord,
  type UpdateBackup,
  type VersionRecord,
} from './version-record.ts';
import { compareVersions } from './version-number.ts';

/** Copies of the register that updates leave behind. */
const KEPT_BACKUPS = 5;

/** What happened before the register is opened: nothing new, or a first start with its backup. */
export interface FirstStart {
  readonly from: string;
  readonly to: string;
  /** Folder below `backups/`. */
  readonly backup: string;
}

/**
 * Before a program opens a register: a version that was never there before (or a newer schema) first leaves a checked copy of
 * the register as it is, so that the update can be taken back. A program older than what the folder has seen is refused, unless
 * the office went back to it on purpose. Fails with `update.older-program`, `store.disk-full` and what the backup says; then
 * nothing was opened or migrated.
 *
 * @param version of the running program
 */
export async function beforeFirstStart(
  folder: DataFolder,
  version: string,
  clock: Clock,
): Promise<FirstStart | undefined> {
  const record = await readVersionRecord(folder);
  if (record !== undefined && record.lastStarted === version && record.rolledBackTo !== version) {
    // The usual start. A development build may bring a new schema under the same version.
    if (registerFacts(folder.database).schemaVersion >= schemaVersion) return undefined;
  }
  if (record !== undefined && isTooOld(record, version)) {
    throw new AnThuError('update.older-program', { version, highest: record.highest });
  }
  const from = record?.lastStarted ?? unknownVersion;
  const facts = registerFacts(folder.database);
  const highest = record && compareVersions(record.highest, version) > 0 ? record.highest : version;
  const base: VersionRecord = { format: 1, backups: [], ...record, highest, lastStarted: version };
  const nothingToSave = from === version || (record === undefined && facts.schemaVersion >= schemaVersion);
  if (nothingToSave && facts.schemaVersion >= schemaVersion) {
    await writeVersionRecord(folder, base);
    return undefined;
  }
  const backup = await backUp(folder, from, version, clock);
  const backups = [...base.backups, backup];
  const dropped = backups.splice(0, Math.max(0, backups.length - KEPT_BACKUPS));
  const { rolledBackTo: _ended, ...onward } = base;
  await writeVersionRecord(folder, { ...onward, backups });
  for (const old of dropped) {
    await rm(dirname(backupPath(folder, old.name)), { recursive: true, force: true });
  }
  return { from, to: version, backup: backup.name };
}

function isTooOld(record: VersionRecord, version: string): boolean {
  return compareVersions(version, record.highest) < 0 && record.rolledBackTo !== version;
}

async function backUp(folder: DataFolder, from: string, to: string, clock: Clock): Promise<UpdateBackup> {
  const at = clock.now().toISOString();
  const name = `${at.replace(/[-:]/gu, '').replace(/\.\d+/u, '')}-${from}-${to}`;
  const path = backupPath(folder, name);
  await mkdir(join(folder.root, 'backups'), { recursive: true, mode: 0o700 });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return { ...(await copyRegister(folder.database, path)), name, from, to, at };
}
