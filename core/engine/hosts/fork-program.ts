import { type ChildProcess, fork } from 'node:child_process';
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

/**
 * Starts a helper program as a child of this Node process. It does not keep the parent alive, and its standard output
 * goes to our standard error, for ours may carry one JSON document only.
 */
export function forkProgram(name: ProgramName, options: SpawnOptions = {}): ChildProcess {
  const child = fork(programEntry(name), [...(options.args ?? [])], {
    env: { ...process.env, ...cache, ...options.env },
    execArgv: options.memoryMb === undefined ? [] : [`--max-old-space-size=${options.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}
