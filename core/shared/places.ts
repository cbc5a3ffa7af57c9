import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * Where a path leads, links followed: what is not there yet by the folder that it is to be made in, and what cannot be looked at (a
 * share that is away) by its name.
 */
export async function realPlace(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch (error) {
    const folder = dirname(absolute);
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isAbsent && folder !== absolute ? join(await realPlace(folder), basename(absolute)) : absolute;
  }
}

/** Whether one of two places ({@link realPlace}) is the other or lies below it. */
export function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
