import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asWriteError, writeFileDurably } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { registerFactsSchema } from '../store/backup.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { versionNumberSchema } from './version-number.ts';

/** A copy of the register made before a newer program opened it for the first time. */
export const updateBackupSchema = registerFactsSchema.extend({
  /** Folder below `backups/`. */
  name: z.string().regex(/^[\w.-]+$/u),
  from: versionNumberSchema,
  to: versionNumberSchema,
  at: z.iso.datetime(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  bytes: z.number().int().positive(),
});
export type UpdateBackup = z.infer<typeof updateBackupSchema>;

/** Which versions of the program have worked on a data folder. */
export const versionRecordSchema = z.object({
  format: z.literal(1),
  /** The newest that ever opened it: an older one may not, unless the office went back to it. */
  highest: versionNumberSchema,
  lastStarted: versionNumberSchema,
  /** Set by `an-thu update roll-back`. */
  rolledBackTo: versionNumberSchema.optional(),
  /** Oldest first. */
  backups: z.array(updateBackupSchema),
});
export type VersionRecord = z.infer<typeof versionRecordSchema>;

/** The version that is assumed of a folder that was made before versions were recorded. */
export const unknownVersion = '0.0.0';

export function recordPath(folder: DataFolder): string {
  return join(folder.root, 'versions.json');
}

export function backupPath(folder: DataFolder, name: string): string {
  return join(folder.root, 'backups', name, 'register.db');
}

/** The record, or undefined where none was written yet. Fails with `update.record-damaged`. */
export async function readVersionRecord(folder: DataFolder): Promise<VersionRecord | undefined> {
  let text: string;
  try {
    text = await readFile(recordPath(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asWriteError(error, recordPath(folder));
  }
  try {
    return versionRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AnThuError('update.record-damaged', { path: recordPath(folder) }, { cause: error });
  }
}

export async function writeVersionRecord(folder: DataFolder, record: VersionRecord): Promise<void> {
  const text = `${JSON.stringify(versionRecordSchema.parse(record), null, 2)}\n`;
  await writeFileDurably(recordPath(folder), text);
}
