import { homedir } from 'node:os';
import { join } from 'node:path';
import { readMachineSettings, type MachineSettings } from './machine-settings.ts';

/** Our own count of wrong PINs: what the command line writes into a data folder without an engine. */
export const TOKEN_TRIES_FOLDER = 'token-tries';

/** What the choice of the data folder depends on; tests give their own. */
export interface DataFolderHost {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * The user's own data folder when none is named: `AN_THU_DATA`, else what the administrator set, else the platform's place for data that stays on this
 * machine (never a roaming profile: the database must not be copied about by the system).
 */
export function defaultDataFolder(
  host: DataFolderHost = { platform: process.platform, env: process.env, home: homedir() },
  machine: Pick<MachineSettings, 'dataFolder'> = readMachineSettings(),
): string {
  const { env, home, platform } = host;
  if (env['AN_THU_DATA']) return env['AN_THU_DATA'];
  if (machine.dataFolder !== undefined) return machine.dataFolder;
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'An Thu');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'An Thu');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'an-thu');
}
