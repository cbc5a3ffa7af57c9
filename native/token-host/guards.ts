import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/**
 * Runs in a thread of its own, for the main thread may hang inside a driver: ends the process when its parent is gone.
 * (The closed channel ends it too, but only while the main thread listens.)
 */
const watchParent = `
  const parent = process.ppid;
  const isGone = () => {
    if (process.platform !== 'win32') return process.ppid !== parent;
    try { process.kill(parent, 0); return false; } catch { return true; }
  };
  setInterval(() => { if (isGone()) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;

/** No token host outlives its parent, not even one whose driver hangs: it holds a PIN and keeps the token busy. */
export function endWithParent(): void {
  new Worker(watchParent, { eval: true, stdin: false, execArgv: [] }).unref();
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
