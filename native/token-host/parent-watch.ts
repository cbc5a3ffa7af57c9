import { Worker } from 'node:worker_threads';

const watchParent = `
  const parent = process.ppid;
  const isGone = () => {
    if (process.platform !== 'win32') return process.ppid !== parent;
    try { process.kill(parent, 0); return false; } catch { return true; }
  };
  setInterval(() => { if (isGone()) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;

/**
 * Runs in a thread of its own, for the main thread may hang inside a driver: ends the process when its parent is gone.
 * (The closed channel ends it too, but only while the main thread listens.)
 */
export function startParentWatch(): void {
  new Worker(watchParent, { eval: true, stdin: false, execArgv: [] }).unref();
}
