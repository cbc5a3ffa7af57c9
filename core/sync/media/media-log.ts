import { z } from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Database } from '../../store/database.ts';

/** Which packages were written and which answers were taken. Rows are never deleted, numbers never given twice. */
export class MediaLog {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Gives the next package its number, also when it is never finished. Call inside a transaction. */
  begin(): { sequence: number; packageId: string } {
    const now = this.#clock.now();
    const packageId = newId(now);
    const sequence = this.#database.insert(
      'INSERT INTO media_export (package_id, begun_at) VALUES (@packageId, @now)',
      { packageId, now: now.toISOString() },
    );
    return { sequence, packageId };
  }

  written(sequence: number, manifestSha256: string): void {
    this.#database.run(
      'UPDATE media_export SET manifest_sha256 = @manifestSha256, written_at = @now WHERE sequence = @sequence',
      { sequence, manifestSha256, now: this.#now() },
    );
  }

  answered(packageId: string): void {
    this.#database.run(
      'UPDATE media_export SET answered_at = coalesce(answered_at, @now) WHERE package_id = @packageId',
      { packageId, now: this.#now() },
    );
  }

  /** Whether the whole of this answer was taken before. */
  wasTaken(packageId: string, manifestSha256: string): boolean {
    return (
      this.#database.get(
        z.object({ n: z.number() }),
        'SELECT 1 AS n FROM media_answer WHERE package_id = @packageId AND manifest_sha256 = @manifestSha256',
        { packageId, manifestSha256 },
      ) !== undefined
    );
  }

  taken(packageId: string, manifestSha256: string): void {
    this.#database.run(
      `INSERT INTO media_answer (package_id, manifest_sha256, taken_at) VALUES (@packageId, @manifestSha256, @now)
       ON CONFLICT DO NOTHING`,
      { packageId, manifestSha256, now: this.#now() },
    );
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}
