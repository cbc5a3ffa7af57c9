import { join, sep } from 'node:path';

/**
 * The file that a URL path names inside `root`, or undefined when the path is not a plain one: no escape upwards, no
 * drive or stream names, no control characters, however encoded.
 */
export function bundlePath(root: string, urlPath: string): string | undefined {
  const decoded = decodeOnce(urlPath);
  if (decoded === undefined || !decoded.startsWith('/')) return undefined;
  const segments = decoded === '/' ? ['index.html'] : decoded.slice(1).split('/');
  if (!segments.every(isPlainSegment)) return undefined;
  const path = join(root, ...segments);
  return path.startsWith(root + sep) ? path : undefined;
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** File names as our own build makes them; everything else is refused rather than judged. */
function isPlainSegment(segment: string): boolean {
  return /^[A-Za-z0-9_@][A-Za-z0-9_@.,+-]*$/.test(segment) && !segment.includes('..');
}
