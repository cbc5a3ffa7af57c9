import { readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { z } from 'zod';
import { AnThuError } from './errors.ts';

/**
 * What an administrator sets for everybody at this machine. Policies narrow what a person may choose; none of them can name a
 * program to run, a library to load, a key or an anchor to trust, because on Windows any user may create files below
 * `%PROGRAMDATA%` (docs/decisions/windows-manners.md).
 */
export const machineSettingsSchema = z.strictObject({
  /** Where data lies when nothing else is said; `%NAME%` stands for a variable of the environment. */
  dataFolder: z.string().min(3).max(260).optional(),
  policy: z
    .strictObject({
      /** Starts with the person's session; left out, the person chooses. */
      startWithSystem: z.boolean().optional(),
      notifications: z.boolean().default(true),
      /** `bundle`: from a signed file only. `feed`: also asks `updateFeed`. */
      updates: z.enum(['off', 'bundle', 'feed']).default('bundle'),
      updateFeed: z.url({ protocol: /^https$/u }).optional(),
    })
    .prefault({}),
});
export type MachineSettings = z.infer<typeof machineSettingsSchema>;

/** What the place of the file depends on; tests give their own. */
export interface MachineHost {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file's text; throws with `code: 'ENOENT'` where there is none. */
  readonly read: (path: string) => string;
}

const thisHost: MachineHost = {
  platform: process.platform,
  env: process.env,
  read: (path) => readFileSync(path, 'utf8'),
};

/** `%PROGRAMDATA%\An Thu\machine.json`, `/etc/an-thu/machine.json`, `/Library/Application Support/An Thu/machine.json`. */
export function machineSettingsPath({ platform, env }: Pick<MachineHost, 'platform' | 'env'>): string {
  if (platform === 'win32') {
    return win32.join(env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'An Thu', 'machine.json');
  }
  if (platform === 'darwin') return '/Library/Application Support/An Thu/machine.json';
  return posix.join('/etc', 'an-thu', 'machine.json');
}

/** The machine's settings; the defaults where no file is. Fails with `general.machine-settings`: a policy is never skipped. */
export function readMachineSettings(host: MachineHost = thisHost): MachineSettings {
  const path = machineSettingsPath(host);
  let text: string;
  try {
    text = host.read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return machineSettingsSchema.parse({});
    throw new AnThuError('general.machine-settings', { path, reason: String(error) }, { cause: error });
  }
  try {
    // Editors of Windows put a mark of order before the text.
    const settings = machineSettingsSchema.parse(JSON.parse(text.replace(/^\u{feff}/u, '')));
    return settings.dataFolder === undefined
      ? settings
      : { ...settings, dataFolder: withVariables(settings.dataFolder, host) };
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const reason = issue ? `${issue.path.join('.')}: ${issue.message}` : String(error);
    throw new AnThuError('general.machine-settings', { path, reason }, { cause: error });
  }
}

function withVariables(text: string, { env }: MachineHost): string {
  return text.replace(/%(\w+)%/gu, (_whole, name: string) => {
    const value = env[name] ?? env[name.toUpperCase()];
    if (!value) throw new Error(`%${name}% is not set`);
    return value;
  });
}
