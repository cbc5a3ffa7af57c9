import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Real volumes: a small tmpfs that can be filled and made read-only. It takes root on Linux, which is where
 * `npm test` runs (scripts/bootstrap.mjs installs Debian packages there).
 */
export class Volume {
  readonly path: string;
  constructor(path: string, megabytes: number) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'an-thu-test', path]);
    } catch (error) {
      throw new Error('these tests mount small tmpfs volumes: root (CAP_SYS_ADMIN) on Linux is needed', {
        cause: error,
      });
    }
  }
  remount(how: 'ro' | 'rw'): void {
    execFileSync('mount', ['-o', `remount,${how}`, this.path]);
  }
  /** Takes every free byte; returns how to give them back. */
  fill(): () => void {
    const ballast = join(this.path, 'ballast');
    const file = openSync(ballast, 'w');
    const block = Buffer.alloc(1 << 16);
    for (let size = block.length; size > 0;) {
      try {
        writeSync(file, block, 0, size);
      } catch {
        size >>= 1;
      }
    }
    closeSync(file);
    return () => rmSync(ballast);
  }
  unmount(): void {
    execFileSync('umount', ['-l', this.path]);
  }
}
