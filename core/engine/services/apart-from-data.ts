import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * Whether a scan folder and the data folder lie apart from each other. One inside the other would let the watch take the
 * register itself for a scan and move it away. Links are followed.
 */
export async function isApart(scanFolder: string, dataFolder: string): Promise<boolean> {
  const [scans, data] = await Promise.all([realPlace(scanFolder), realPlace(dataFolder)]);
  return !holds(scans, data) && !holds(data, scans);
}

/** A folder that is not there yet, or a share that is away, is judged by its name. */
async function realPlace(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
