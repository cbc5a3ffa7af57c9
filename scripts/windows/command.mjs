import { spawnSync } from 'node:child_process';

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
