import { posix } from 'node:path';

/** One module of p11-kit's configuration files (pkcs11.conf(5)). */
export interface P11KitModule {
  /** Name of the file without `.module`. */
  readonly name: string;
  readonly path: string;
  readonly priority: number;
}

export interface P11KitPlaces {
  /** Text of a file, or null. */
  readonly read: (path: string) => string | null;
  /** Names of the files in a folder; empty when there is none. */
  readonly list: (folder: string) => readonly string[];
  /** The user's configuration folder (XDG_CONFIG_HOME, else ~/.config); null where there is none. */
  readonly userConfig: string | null;
  /** Folders in which a module without a path is looked for, best first. */
  readonly moduleFolders: readonly string[];
}

/** The name by which `enable-in` and `disable-in` know us. */
const PROGRAM = 'an-thu';
const SYSTEM_CONFIG = '/etc/pkcs11/pkcs11.conf';
const SYSTEM_FOLDERS = ['/usr/share/p11-kit/modules', '/etc/pkcs11/modules'];

export type P11KitFields = ReadonlyMap<string, string>;

/**
 * Fields of a configuration file: `name: value` lines, `#` comments only at the start of a line. Lines that are neither are
 * left out, as one bad line should not hide a driver. The last of two fields with one name counts.
 */
export function parseP11KitFile(text: string): P11KitFields {
  const fields = new Map<string, string>();
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([A-Za-z0-9._-]+)\s*:(.*)$/.exec(line);
    if (match) fields.set(match[1] ?? '', (match[2] ?? '').trim());
  }
  return fields;
}

/**
 * The modules that p11-kit's files name for us, higher priority first, then by name. The user's files count when the system's
 * pkcs11.conf says so (`user-config: merge` or `only`); a field of the user's file takes the place of the system's. Left out:
 * blank and remote modules, those not for us (`enable-in`, `disable-in`), and sources of trust policy, which hold no keys.
 */
export function p11KitModules(places: P11KitPlaces): P11KitModule[] {
  const system = parseP11KitFile(places.read(SYSTEM_CONFIG) ?? '');
  const mode = system.get('user-config') ?? 'none';
  const files = new Map<string, P11KitFields>();
  const add = (folder: string): void => {
    for (const name of places.list(folder)) {
      if (!/^[A-Za-z0-9][A-Za-z0-9_.,-]*\.module$/.test(name)) continue;
      const fields = parseP11KitFile(places.read(posix.join(folder, name)) ?? '');
      files.set(name, new Map([...(files.get(name) ?? []), ...fields]));
    }
  };
  if (mode !== 'only') for (const folder of SYSTEM_FOLDERS) add(folder);
  if (places.userConfig !== null && (mode === 'merge' || mode === 'only'))
    add(posix.join(places.userConfig, 'pkcs11/modules'));
  return [...files]
    .flatMap(([file, fields]) => {
      const module = fields.get('module') ?? '';
      if (module === '' || !isForUs(fields)) return [];
      const priority = Number.parseInt(fields.get('priority') ?? '0', 10) || 0;
      return [{ name: file.replace(/\.module$/, ''), path: absolute(module, places), priority }];
    })
    .toSorted((a, b) => b.priority - a.priority || a.name.localeCompare(b.name));
}

function isForUs(fields: P11KitFields): boolean {
  const names = (field: string): string[] => (fields.get(field) ?? '').split(/[\s,]+/).filter(Boolean);
  const enabled = names('enable-in');
  return (
    (enabled.length === 0 || enabled.includes(PROGRAM)) &&
    !names('disable-in').includes(PROGRAM) &&
    !fields.has('remote') &&
    fields.get('trust-policy') !== 'yes'
  );
}

function absolute(module: string, { moduleFolders, list }: P11KitPlaces): string {
  if (posix.isAbsolute(module)) return module;
  const folder =
    moduleFolders.find((each) => list(each).includes(module)) ?? moduleFolders[0] ?? '/usr/lib/pkcs11';
  return posix.join(folder, module);
}
