import { z } from 'zod';
import { settingsSchema, type Settings } from '../contract/system.ts';
import type { Database } from '../store/database.ts';

const KEY = 'settings';

const defaults: Settings = {
  watchedFolders: [],
  scanner: { mode: 'clamd', socketPath: null, host: null, port: null, maxMegabytes: 100 },
  signing: {
    keyUri: null,
    level: 'B-T',
    sending: 'at-once',
    arrivalStamp: 'none',
    tsaUrl: null,
    modules: [],
    softTokens: [],
  },
  sync: { serverUrl: null, officeId: null, everySeconds: 60 },
  settle: { quietMs: 2_000, incompleteAfterMs: 600_000 },
  language: 'vi',
  clerkName: null,
};

/** Settings live in the database as one JSON value; what is missing has its default. */
export function readSettings(database: Database): Settings {
  const row = database.get(z.object({ value: z.string() }), 'SELECT value FROM setting WHERE key = @key', {
    key: KEY,
  });
  if (!row) return defaults;
  return patchSettings(defaults, JSON.parse(row.value) as SettingsPatch);
}

export function writeSettings(database: Database, settings: Settings): void {
  database.run(
    'INSERT INTO setting (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = @value',
    { key: KEY, value: JSON.stringify(settingsSchema.parse(settings)) },
  );
}

/** A patch over nested settings, one level deep. */
export type SettingsPatch = {
  [K in keyof Settings]?: Settings[K] extends unknown[] | string ? Settings[K] : Partial<Settings[K]>;
};

export function patchSettings(settings: Settings, patch: SettingsPatch): Settings {
  return settingsSchema.parse({
    ...settings,
    ...patch,
    scanner: { ...settings.scanner, ...patch.scanner },
    signing: { ...settings.signing, ...patch.signing },
    sync: { ...settings.sync, ...patch.sync },
    settle: { ...settings.settle, ...patch.settle },
  });
}
