import { setFlagsFromString } from 'node:v8';

/**
 * Keeps a process small that signs a few files and ends: V8's heap for young objects stays at its first size (1 MB instead of up
 * to 32), and code that runs for a fraction of a second is not compiled a second and third time, on threads of their own
 * with 20 MB between them. What takes the time, hashing and copying, is not JavaScript. (docs/decisions/signing-speed.md)
 */
export function stayLean(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--no-opt', '--no-maglev']) setFlagsFromString(flag);
}

/** Takes it back for work that is long enough; the small heap only for `many-files`, for what one file's objects leave behind dies young. */
export function workHard(work: 'many-files' | 'many-objects'): void {
  const heap = work === 'many-files' ? ['--semi-space-growth-factor=2'] : [];
  for (const flag of ['--opt', '--maglev', ...heap]) setFlagsFromString(flag);
}
