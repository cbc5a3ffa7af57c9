import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessMemory {
  readonly pid: number;
  /** Entry file, without folder. */
  readonly program: string;
  /** Resident set, MB (10^6 bytes). */
  readonly rss: number;
}

/** Resident memory of a process and of its children, as `ps` tells it. */
export async function memoryOf(pid: number): Promise<ProcessMemory[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, own, parent, kib, args]) => ({
      own: Number(own),
      parent: Number(parent),
      kib: Number(kib),
      args,
    }))
    .filter(({ own, parent }) => own === pid || parent === pid)
    .filter(({ args }) => !args?.startsWith('ps '))
    .map(({ own, kib, args }) => ({
      pid: own,
      program: /([\w-]+)\.(?:mjs|ts)\b(?!.*\.(?:mjs|ts)\b)/.exec(args ?? '')?.[1] ?? args ?? '',
      rss: (kib * 1024) / 1e6,
    }))
    .toSorted((a, b) => Number(b.pid === pid) - Number(a.pid === pid) || a.pid - b.pid);
}
