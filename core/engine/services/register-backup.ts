import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type MadeBackup, madeBackupSchema } from '../../contract/backup.ts';
import { cellValue } from '../../store/stored-cell.ts';
import type { Database } from '../../store/database.ts';
import type { EngineContext } from '../context.ts';

const SUFFIX = '.backup-register';
const KEY = 'backup.last';

/** Copies the register as it is now; what a backup that died left behind goes. One runs at a time (`lockForBackup`). */
export async function snapshotRegister({
  database,
  folder,
  objects,
}: Pick<EngineContext, 'folder' | 'objects'> & {
  readonly database: Pick<Database, 'snapshot'>;
}): Promise<string> {
  for (const name of await readdir(folder.scratch))
    if (name.endsWith(SUFFIX)) await rm(join(folder.scratch, name), { force: true });
  await objects.requireRoom((await stat(folder.database)).size);
  const path = objects.scratchPath(SUFFIX);
  try {
    await database.snapshot(path);
    return path;
  } catch (error) {
    // On a disk that is full, half a register must not stay.
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

export function recordBackup(
  { database, audit, actor }: Pick<EngineContext, 'database' | 'audit' | 'actor'>,
  made: MadeBackup,
): void {
  database.transaction(() => {
    database.run(
      'INSERT INTO setting (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = @value',
      { key: KEY, value: JSON.stringify(made) },
    );
    audit.append({ actor, action: 'backup.made', subject: 'backup', data: { ...made } });
  });
}

/** The last backup of this register; after a restore the one before the set that was restored. Null also where it cannot be read. */
export function lastBackup({ database }: Pick<EngineContext, 'database'>): MadeBackup | null {
  const row = database.get(z.object({ value: z.string() }), 'SELECT value FROM setting WHERE key = @key', {
    key: KEY,
  });
  return row ? (cellValue(madeBackupSchema, row.value) ?? null) : null;
}
