import { AnThuError } from './errors.ts';

/**
 * What Windows answers while another program (a virus scanner, the indexer, a viewer) holds a file or folder: EBUSY is a
 * sharing violation; EPERM and EACCES also mean a name that is being deleted, or a rename onto an open file.
 */
const HELD = new Set(['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY']);

/** Milliseconds between tries: two seconds in all, longer than a virus scanner looks at a new file. */
const PAUSES_MS = [20, 40, 80, 160, 320, 640, 800] as const;

/** What the rule depends on; tests give their own. */
export interface SharingHost {
  readonly platform: NodeJS.Platform;
  readonly sleep: (ms: number) => Promise<void>;
}

const thisHost: SharingHost = {
  platform: process.platform,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Runs a rename or removal; on Windows a file that somebody else holds is tried again for two seconds and then shown as
 * `store.file-in-use`. What is refused for want of rights keeps its own error. Elsewhere, and for every other error, one try.
 */
export async function whileHeld<T>(
  path: string,
  work: () => Promise<T>,
  host: SharingHost = thisHost,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      const pause = PAUSES_MS[tries];
      if (host.platform !== 'win32' || !HELD.has(code)) throw error;
      if (pause !== undefined) await host.sleep(pause);
      else if (code === 'EBUSY') throw new AnThuError('store.file-in-use', { path }, { cause: error });
      else throw error;
    }
  }
}
