import type { Database } from './database.ts';

/** Names a stored file in the database; the same bytes are one object. Call after the file was published. */
export function recordObject(
  database: Database,
  object: { sha256: string; bytes: number; mediaType: string },
  now: Date,
): void {
  database.run(
    `INSERT INTO object (sha256, bytes, media_type, stored_at) VALUES (@sha256, @bytes, @mediaType, @now)
     ON CONFLICT (sha256) DO NOTHING`,
    { sha256: object.sha256, bytes: object.bytes, mediaType: object.mediaType, now: now.toISOString() },
  );
}
