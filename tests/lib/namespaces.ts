import { spawnSync } from 'node:child_process';

/** How a program is started in namespaces of its own: the command before `sh`, or nothing where the system forbids it. */
export interface Namespaces {
  readonly kind: 'own' | 'none';
  readonly command: readonly string[];
}

/**
 * Namespaces (mounts, processes, and `more`) that end with their first process. Root makes them as it is; others as root of a user
 * namespace. A container without the right to make any gets `none`: the test then uses the machine's own places.
 */
export function namespaces(...more: readonly ('--net' | '--ipc')[]): Namespaces {
  if (process.env['AN_THU_TEST_NAMESPACES'] === 'none') return { kind: 'none', command: [] };
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const command = ['unshare', ...user, '--mount', '--pid', '--fork', '--kill-child', ...more];
  const [program = '', ...args] = command;
  const works = spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0;
  return works ? { kind: 'own', command } : { kind: 'none', command: [] };
}
