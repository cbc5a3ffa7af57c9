import { z } from 'zod';
import type { Database } from '../store/database.ts';
import type { SourceIdentity } from './claim-store.ts';
import type { TakenMemory } from './watched-folder.ts';

const where = 'path = @path AND dev = @dev AND ino = @ino AND size = @size AND mtime_ms = @mtimeMs';

/** What was copied from read-only folders, kept in the database. */
interface TakenSources extends TakenMemory {
  /**
   * Whether these bytes were taken from this very place before, when device or file number are others now: a network
   * share gets new ones each time it is connected.
   */
  isSame(identity: SourceIdentity): boolean;
}

export function takenSources(database: Database): TakenSources {
  return {
    isSame: ({ path, size, mtimeMs, sha256 }) =>
      database.get(
        z.object({ found: z.number() }),
        `SELECT 1 AS found FROM taken_source
         WHERE path = @path AND size = @size AND mtime_ms = @mtimeMs AND sha256 = @sha256`,
        { path, size, mtimeMs, sha256 },
      ) !== undefined,
    isTaken: ({ path, dev, ino, size, mtimeMs }) =>
      database.get(z.object({ found: z.number() }), `SELECT 1 AS found FROM taken_source WHERE ${where}`, {
        path,
        dev,
        ino,
        size,
        mtimeMs,
      }) !== undefined,
    remember: (identity: SourceIdentity) => {
      database.run(
        `INSERT INTO taken_source (path, dev, ino, size, mtime_ms, sha256)
         VALUES (@path, @dev, @ino, @size, @mtimeMs, @sha256) ON CONFLICT DO NOTHING`,
        { ...identity },
      );
    },
  };
}
