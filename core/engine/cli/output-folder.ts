import { mkdir, stat } from 'node:fs/promises';
import { sep } from 'node:path';

/**
 * Whether what was given as `--out` is a folder: one that is there, or a name that ends as only folders do (`signed/`, on Windows
 * also `signed\`), which is made. Any other name is a file's. Fails with the system's own error where it cannot be made.
 */
export async function isOutputFolder(out: string): Promise<boolean> {
  if (out.endsWith('/') || out.endsWith(sep)) {
    await mkdir(out, { recursive: true });
    return true;
  }
  return stat(out).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
