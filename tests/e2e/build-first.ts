import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Builds programs and page when they are stale. */
export default function buildFirst(): void {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--page'], {
    cwd: root,
    stdio: 'inherit',
  });
}
