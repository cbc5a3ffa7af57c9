import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs a program of this machine to its end.
 *
 * @returns its standard output; throws with all it said when it fails
 */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (done.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')}\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}${done.signal ?? ''}`,
    );
  }
  return done.stdout;
}

/** The same beside other work; settles when the program has ended. */
export async function runBeside(command, args, options = {}) {
  try {
    const running = promisify(execFile)(command, args, { maxBuffer: 1 << 28, ...options });
    running.child.stdin?.end();
    return (await running).stdout;
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? ''}`, {
      cause: error,
    });
  }
}
