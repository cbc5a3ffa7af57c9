import { z } from 'zod';
import { noTries, type TryCount, type TryCountStore } from '../../../native/token-host/try-counts.ts';
import type { Database } from '../../store/database.ts';

const KEY = 'token-tries';

const countSchema = z.object({ wrong: z.number().int(), unclear: z.number().int() });
const countsSchema = z.record(z.string(), countSchema);

/**
 * Our own count of wrong PINs, kept with the settings: it must outlive the program, for a token that does not tell how
 * many tries are left locks all the same. A token with no failures has no entry.
 */
export function tryCountsIn(database: Database): TryCountStore {
  const all = (): Record<string, TryCount> => {
    const row = database.get(z.object({ value: z.string() }), 'SELECT value FROM setting WHERE key = @key', {
      key: KEY,
    });
    return row ? countsSchema.parse(JSON.parse(row.value)) : {};
  };
  return {
    all,
    get: (tokenId) => all()[tokenId] ?? noTries,
    set: (tokenId, count) => {
      const { [tokenId]: before, ...others } = all();
      const clear = count.wrong + count.unclear === 0;
      if (clear && !before) return;
      database.run(
        'INSERT INTO setting (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = @value',
        { key: KEY, value: JSON.stringify(clear ? others : { ...others, [tokenId]: count }) },
      );
    },
  };
}
