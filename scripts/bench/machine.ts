import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** The machine, in words, for the head of a table. */
export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = (totalmem() / 1e9).toFixed(0);
  return `${cpu?.model.trim() ?? arch()}, ${cpus().length} cores, ${gigabytes} GB, ${platform()} ${release()}, Node ${process.versions.node}`;
}

/** Load average of the last minute; other work on the machine shows here. */
export const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
