import { z } from 'zod';
import type { Database } from './database.ts';

/**
 * A job that was put to sleep under a clock that ran ahead would wait for a day it was never meant to: when the clock has
 * been set back to `now`, it sleeps for as long as it was to sleep then, from now on; one whose times are damaged does not, and stops no other.
 */
export function sleepFromNow(database: Database, now: Date): void {
  const ahead = database.all(
    z.object({ id: z.string(), next_at: z.string(), updated_at: z.string() }),
    `SELECT id, next_at, updated_at FROM job
     WHERE state IN ('ready', 'waiting') AND next_at IS NOT NULL AND updated_at > @now`,
    { now: now.toISOString() },
  );
  database.transaction(() => {
    for (const { id, ...job } of ahead) {
      const sleep = Math.max(0, Date.parse(job.next_at) - Date.parse(job.updated_at) || 0);
      database.run('UPDATE job SET next_at = @nextAt, updated_at = @now WHERE id = @id', {
        id,
        nextAt: new Date(now.getTime() + sleep).toISOString(),
        now: now.toISOString(),
      });
    }
  });
}
