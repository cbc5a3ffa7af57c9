import { writeFileSync } from 'node:fs';

/**
 * No token host outlives its parent, not even one whose driver hangs: it holds a PIN and keeps the token busy. `diesWith` is
 * the process with which the system kills this one; without it a thread keeps watch, which costs as much time and memory as
 * all the rest of this program's start.
 */
export async function endWithParent(diesWith: string | undefined): Promise<void> {
  if (diesWith === undefined) {
    const { startParentWatch } = await import('./parent-watch.ts');
    startParentWatch();
    return;
  }
  // It may have died before the system was told.
  if (String(process.ppid) !== diesWith) process.exit(0);
}

/**
 * Keeps the memory of this process, with a PIN in it, out of core dumps. Only Linux lets a process say so itself
 * (proc(5), coredump_filter: no mapping is dumped); elsewhere there is nothing to do here.
 */
export function keepOutOfCoreDumps(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // not ours to change in this sandbox: then no dump of ours is readable to others either
  }
}
