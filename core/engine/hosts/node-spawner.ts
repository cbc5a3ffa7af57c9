import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type {
  ProgramHandle,
  ProgramName,
  ProgramSpawner,
  SpawnOptions,
} from '../../ports/program-spawner.ts';
import { ExitLatch } from './exit-latch.ts';

const here = import.meta.url;

/** Run from source (`.ts`) the programs are started from source too; a bundle finds them beside itself. */
const sourceEntries: Readonly<Record<ProgramName, string>> = {
  'document-worker': '../programs/document-worker.ts',
  'token-host': '../../../native/token-host/main.ts',
  'ocr-worker': '../../../native/ocr/main.ts',
};

/** Absolute path of a helper program's entry file: the `.ts` of a checkout or the `.mjs` beside the bundle. */
export function programEntry(name: ProgramName): string {
  const relative = here.endsWith('.ts') ? sourceEntries[name] : `./${name}.mjs`;
  return fileURLToPath(new URL(relative, here));
}

/**
 * Starts helper programs as children of this Node process (command line, tests).
 *
 * The children do not keep the parent alive: a call under way does (its deadline timer), and a child ends when the
 * parent is gone. Their standard output goes to our standard error, for ours may carry one JSON document only.
 */
export function createNodeSpawner(): ProgramSpawner {
  return {
    spawn(name: ProgramName, options: SpawnOptions = {}): ProgramHandle {
      const child = fork(programEntry(name), [...(options.args ?? [])], {
        env: { ...process.env, ...options.env },
        execArgv: options.memoryMb === undefined ? [] : [`--max-old-space-size=${options.memoryMb}`],
        serialization: 'advanced',
        stdio: ['ignore', 2, 2, 'ipc'],
      });
      const exit = new ExitLatch();
      child.once('error', (error) => exit.close(`could not start: ${error.message}`));
      child.once('exit', (code, signal) => exit.close(signal ? `signal ${signal}` : `exit code ${code}`));
      child.unref();
      child.channel?.unref();
      return {
        get pid() {
          return child.pid;
        },
        post(message) {
          // A message to a program that has just died is answered by its exit, not by an exception here.
          if (child.connected) child.send(message as object, () => undefined);
        },
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => exit.onClose(listener),
        // SIGKILL: a vendor's module that hangs in native code hears nothing else.
        kill: () => void child.kill('SIGKILL'),
      };
    },
  };
}
