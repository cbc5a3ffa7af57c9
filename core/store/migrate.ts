import type { Database as SqliteHandle } from 'better-sqlite3';
import { AnThuError } from '../shared/errors.ts';
import { migration0001 } from './migrations/0001-foundation.ts';
import { migration0002 } from './migrations/0002-token-register.ts';
import { migration0003 } from './migrations/0003-judgements-of-received-files.ts';
import { migration0004 } from './migrations/0004-number-gaps.ts';
import { migration0005 } from './migrations/0005-removable-media.ts';

/** Forward only, one transaction each; the position in the list is the schema version (PRAGMA user_version). */
const migrations: readonly string[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
];

export const schemaVersion = migrations.length;

/** Brings a register forward to `version`, by default this program's. Fails with `store.newer-version`. */
export function migrate(handle: SqliteHandle, version = schemaVersion): void {
  const found = Number(handle.pragma('user_version', { simple: true }));
  if (found > schemaVersion) throw new AnThuError('store.newer-version', { found, known: schemaVersion });
  for (const [index, sql] of migrations.slice(0, version).entries()) {
    if (index < found) continue;
    handle.transaction(() => {
      handle.exec(sql);
      handle.pragma(`user_version = ${index + 1}`);
    })();
  }
}
