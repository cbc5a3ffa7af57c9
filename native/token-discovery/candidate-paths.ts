import { posix, win32 } from 'node:path';
import type { KnownModule } from './known-modules.ts';

/** The machine as far as paths go; a parameter, so that every system's paths can be tried on any. */
export interface MachinePlaces {
  readonly platform: 'win32' | 'darwin' | 'linux';
  readonly architecture: string;
  /** Environment: SystemRoot, ProgramFiles, ProgramFiles(x86), ProgramW6432. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in a folder; empty when there is no such folder or it may not be read. */
  readonly list: (folder: string) => readonly { readonly name: string; readonly folder: boolean }[];
}

export interface CandidatePath {
  readonly path: string;
  readonly vendor: string;
}

/** How deep below a maker's folder in Program Files a module is looked for. */
const FOLDER_DEPTH = 4;
const MAX_FOLDERS = 400;

/**
 * Where the modules of the table may lie on this machine, in the table's order: 64-bit places before 32-bit ones. A name
 * without `*` is a candidate in System32 (and the like) even when it is not there; everything else only when it is.
 */
export function candidatePaths(modules: readonly KnownModule[], places: MachinePlaces): CandidatePath[] {
  const found =
    places.platform === 'win32'
      ? windowsPaths(modules, places)
      : modules.flatMap(({ vendor, macos, linux }) =>
          (places.platform === 'darwin' ? macos : linux.flatMap((name) => onLinux(name, places))).map(
            (path) => ({ vendor, path }),
          ),
        );
  const seen = new Set<string>();
  return found.filter(({ path }) => {
    const key = places.platform === 'win32' ? path.toLowerCase() : path;
    return !seen.has(key) && seen.add(key);
  });
}

const triplets: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  ia32: 'i386-linux-gnu',
  arm: 'arm-linux-gnueabihf',
};

function onLinux(name: string, { architecture, list }: MachinePlaces): string[] {
  if (posix.isAbsolute(name)) return [name];
  const triplet = triplets[architecture];
  const folders = [
    ...(triplet === undefined ? [] : [`/usr/lib/${triplet}/pkcs11`, `/usr/lib/${triplet}`]),
    '/usr/lib64/pkcs11',
    '/usr/lib64',
    '/usr/lib/pkcs11',
    '/usr/lib',
    '/usr/local/lib',
  ];
  const present = folders.filter((folder) => list(folder).some((entry) => entry.name === name));
  return (present.length > 0 ? present.slice(0, 1) : folders.slice(0, 1)).map((f) => posix.join(f, name));
}

function windowsPaths(modules: readonly KnownModule[], places: MachinePlaces): CandidatePath[] {
  const root = variable(places, 'SystemRoot') ?? String.raw`C:\Windows`;
  // A 32-bit dll lies in SysWOW64: it cannot be loaded, and that is what its person must be told.
  const systemFolders = [win32.join(root, 'System32'), win32.join(root, 'SysWOW64')];
  const contents = new Map(systemFolders.map((folder) => [folder, fileNames(places, folder)]));
  const programFolders = ['ProgramW6432', 'ProgramFiles', 'ProgramFiles(x86)'].flatMap(
    (name) => variable(places, name) ?? [],
  );
  return modules.flatMap(({ vendor, windows }) => {
    if (!windows) return [];
    const matches = matcher(windows.files);
    const inSystem = systemFolders.flatMap((folder, i) => {
      const names = (contents.get(folder) ?? []).filter(matches);
      const expected = i === 0 ? windows.files.filter((file) => !file.includes('*')) : [];
      return [...names, ...expected].map((name) => win32.join(folder, name));
    });
    const inPrograms = [...new Set(programFolders)].flatMap((folder) =>
      makersFolders(folder, windows.folders, places).flatMap((own) => filesBelow(own, matches, places)),
    );
    return [...inSystem, ...inPrograms].map((path) => ({ vendor, path }));
  });
}

/** Variable names of Windows do not tell cases apart. */
function variable({ env }: MachinePlaces, name: string): string | undefined {
  const key = Object.keys(env).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : env[key];
}

const fileNames = ({ list }: MachinePlaces, folder: string): string[] =>
  list(folder).flatMap((entry) => (entry.folder ? [] : [entry.name]));

function makersFolders(parent: string, patterns: readonly string[], { list }: MachinePlaces): string[] {
  if (patterns.length === 0) return [];
  const matches = matcher(patterns);
  return list(parent).flatMap((entry) =>
    entry.folder && matches(entry.name) ? [win32.join(parent, entry.name)] : [],
  );
}

function filesBelow(top: string, matches: (name: string) => boolean, { list }: MachinePlaces): string[] {
  const found: string[] = [];
  let level = [top];
  let looked = 0;
  for (let depth = 0; depth < FOLDER_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++looked > MAX_FOLDERS) return found;
      for (const entry of list(folder)) {
        const path = win32.join(folder, entry.name);
        if (entry.folder) next.push(path);
        else if (matches(entry.name)) found.push(path);
      }
    }
    level = next;
  }
  return found;
}

/** Whether a name fits one of the patterns, without regard to case. `X_s.dll` is the CSP beside the PKCS#11 `X.dll`: never. */
function matcher(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map(
    (text) => new RegExp(`^${text.split('*').map(literally).join('.*')}$`, 'i'),
  );
  return (name) => !/_s\.dll$/i.test(name) && expressions.some((expression) => expression.test(name));
}

/** A text as a pattern for itself. (`RegExp.escape` came with Node 24; the product runs on 22.14.) */
const literally = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\/-]/g, String.raw`\$&`);
