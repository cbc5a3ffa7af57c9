import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';

/** Node's spawner, and the process that it started last. */
export function watchedSpawner(): { spawner: ProgramSpawner; pid: () => number | undefined } {
  const inner = createNodeSpawner();
  let pid: number | undefined;
  return {
    spawner: {
      spawn(name, options) {
        const handle = inner.spawn(name, options);
        pid = handle.pid;
        return handle;
      },
    },
    pid: () => pid,
  };
}
