import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramName, SpawnOptions } from '../../ports/program-spawner.ts';

const here = import.meta.url;
const fromSource = here.endsWith('.ts');

/** Run from source (`.ts`) the programs are started from source too; a bundle finds them beside itself. */
const sourceEntries: Readonly<Record<ProgramName, string>> = {
  'document-worker': '../programs/document-worker.ts',
  'token-host': '../../../native/token-host/main.ts',
  'ocr-worker': '../../../native/ocr/main.ts',
};

/** Absolute path of a helper program's entry file: the `.ts` of a checkout or the `.mjs` beside the bundle. */
export function programEntry(name: ProgramName): string {
  const relative = fromSource ? sourceEntries[name] : `./${name}.mjs`;
  return fileURLToPath(new URL(relative, here));
}

/** Compiled code beside the bundle: who can write there can change the programs too, and where nobody can there is none. */
const cache: Readonly<Record<string, string>> = fromSource
  ? {}
  : { NODE_COMPILE_CACHE: join(import.meta.dirname, '.compile-cache') };

/** Of util-linux; has the system kill a process with the thread that started it (`prctl(2)`, PR_SET_PDEATHSIG). */
const setpriv = '/usr/bin/setpriv';

/**
 * Starts a helper program as a child of this Node process. It does not keep the parent alive, and its standard output
 * goes to our standard error, for ours may carry one JSON document only. The system ends a token host with this process where
 * it can. `inherited` is what it gets of our environment.
 */
export function forkProgram(
  name: ProgramName,
  options: SpawnOptions = {},
  inherited: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const { args = [], env, memoryMb } = options;
  const flags = [
    ...(memoryMb === undefined ? [] : [`--max-old-space-size=${memoryMb}`]),
    // Room for what its start leaves behind: else it is collected twice meanwhile, at a tenth of the time.
    ...(name === 'token-host' ? ['--min-semi-space-size=8'] : []),
  ];
  const bound = name === 'token-host' && process.platform === 'linux' && existsSync(setpriv);
  const child = fork(programEntry(name), [...args, ...(bound ? ['--dies-with', String(process.pid)] : [])], {
    env: { ...inherited, ...cache, ...env },
    ...(bound
      ? { execPath: setpriv, execArgv: ['--pdeathsig', 'KILL', process.execPath, ...flags] }
      : { execArgv: flags }),
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}
