import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DiagnosedModule } from '../../core/contract/token-diagnosis.ts';
import { candidatePaths, type MachinePlaces } from './candidate-paths.ts';
import { knownModules } from './known-modules.ts';
import { p11KitModules, type P11KitPlaces } from './p11-kit.ts';

/** A module worth looking at. */
export interface Candidate {
  readonly path: string;
  readonly vendor: string;
  readonly sources: DiagnosedModule['sources'];
  /** Added to its host's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ConfiguredModule {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Everything that this machine may have: what is configured first, then p11-kit's modules, then the table's. */
export function findCandidates(configured: readonly ConfiguredModule[]): Candidate[] {
  const machine = thisMachine();
  const known = candidatePaths(knownModules, machine);
  const found: Candidate[] = [
    ...configured.map(({ path, env }) => ({
      path: resolve(path),
      vendor: '',
      sources: ['configured' as const],
      ...(env && { env }),
    })),
    ...(machine.platform === 'win32'
      ? []
      : p11KitModules(p11KitPlaces(machine)).map(({ path }) => ({
          path,
          vendor: '',
          sources: ['p11-kit' as const],
        }))),
    ...known.map(({ path, vendor }) => ({ path, vendor, sources: ['known' as const] })),
  ];
  return mergeByFile(found);
}

/** One file met on two ways (a link, another spelling) is one candidate under its first path. */
function mergeByFile(candidates: readonly Candidate[]): Candidate[] {
  const byFile = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const file = realFile(candidate.path);
    const before = byFile.get(file);
    if (!before) byFile.set(file, candidate);
    else
      byFile.set(file, {
        ...before,
        vendor: before.vendor || candidate.vendor,
        sources: [...new Set([...before.sources, ...candidate.sources])],
      });
  }
  return [...byFile.values()];
}

function realFile(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function thisMachine(): MachinePlaces {
  const { platform } = process;
  return {
    platform: platform === 'win32' || platform === 'darwin' ? platform : 'linux',
    architecture: process.arch,
    env: process.env,
    list: listFolder,
  };
}

function listFolder(folder: string): { name: string; folder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      folder: entry.isDirectory(),
    }));
  } catch {
    return [];
  }
}

const moduleFoldersOf: Readonly<Record<string, readonly string[]>> = {
  x64: ['/usr/lib/x86_64-linux-gnu/pkcs11', '/usr/lib64/pkcs11'],
  arm64: ['/usr/lib/aarch64-linux-gnu/pkcs11', '/usr/lib64/pkcs11'],
};

function p11KitPlaces({ architecture, env }: MachinePlaces): P11KitPlaces {
  return {
    read: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    list: (folder) => listFolder(folder).map((entry) => entry.name),
    userConfig: env['XDG_CONFIG_HOME'] || join(homedir(), '.config'),
    moduleFolders: [...(moduleFoldersOf[architecture] ?? []), '/usr/lib/pkcs11', '/usr/local/lib/pkcs11'],
  };
}
