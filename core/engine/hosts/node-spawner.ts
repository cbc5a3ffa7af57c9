import type { ChildProcess } from 'node:child_process';
import type {
  ProgramHandle,
  ProgramName,
  ProgramSpawner,
  SpawnOptions,
} from '../../ports/program-spawner.ts';
import { ExitLatch } from './exit-latch.ts';
import { forkProgram } from './fork-program.ts';

/** A child that was started already for what is asked for now, if there is one. */
export type ReadyProgram = (name: ProgramName, options: SpawnOptions) => ChildProcess | undefined;

/**
 * Starts helper programs as children of this Node process (command line, tests).
 *
 * The children do not keep the parent alive: a call under way does (its deadline timer), and a child ends when the
 * parent is gone. Their standard output goes to our standard error, for ours may carry one JSON document only.
 */
export function createNodeSpawner(ready: ReadyProgram = () => undefined): ProgramSpawner {
  return {
    spawn(name: ProgramName, options: SpawnOptions = {}): ProgramHandle {
      const child = ready(name, options) ?? forkProgram(name, options);
      const exit = new ExitLatch();
      // More than one may come: after a start, Windows refuses to end a program that is just ending. Its exit is told anyway.
      child.on('error', (error) => {
        if (child.pid === undefined) exit.close(`could not start: ${error.message}`);
      });
      child.once('exit', (code, signal) => exit.close(signal ? `signal ${signal}` : `exit code ${code}`));
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
