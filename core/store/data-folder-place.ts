import { realpath, statfs } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { AnThuError } from '../shared/errors.ts';

/** What the rule asks of the system; tests give their own. */
export interface PlaceHost {
  readonly platform: NodeJS.Platform;
  /** The system's own name of a path: a mapped drive's is the share behind it. Rejects where nothing is. */
  readonly realPath: (path: string) => Promise<string>;
  /** Linux's number of the file system below a path. */
  readonly fileSystemType: (path: string) => Promise<number>;
}

const thisHost: PlaceHost = {
  platform: process.platform,
  // Only the system's own call tells what is behind a drive letter; Node's walk over the parts does not.
  realPath: (path) => realpath(path),
  fileSystemType: async (path) => (await statfs(path)).type,
};

/** Numbers that statfs(2) gives for file systems of other machines. */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/**
 * Characters of the data folder on Windows: what lies in it (object names of 64 characters on a shelf) must stay below the
 * 260 that programs in C, such as the picture library, can open. Watched folders have no such bound, as only Node opens what is in them.
 */
const LONGEST_ON_WINDOWS = 140;

/**
 * Lets a data folder pass only when it lies on a disk of this machine: SQLite's write-ahead log needs shared memory, and a
 * share that goes away would take the register with it. UNC paths and mapped drives are refused on Windows, network
 * file systems on Linux. Fails with `store.network-folder` and `store.path-too-long`.
 *
 * @param root absolute path; need not exist yet
 */
export async function requireLocalFolder(root: string, host: PlaceHost = thisHost): Promise<void> {
  if (host.platform === 'win32' && root.length > LONGEST_ON_WINDOWS) {
    throw new AnThuError('store.path-too-long', {
      path: root,
      length: root.length,
      maximum: LONGEST_ON_WINDOWS,
    });
  }
  const where = await whereElse(root, host);
  if (where !== undefined) throw new AnThuError('store.network-folder', { path: root, where });
}

async function whereElse(root: string, host: PlaceHost): Promise<string | undefined> {
  if (host.platform === 'win32') {
    if (isShare(root)) return root;
    const real = await nearest(root, win32.dirname, host.realPath);
    return real !== undefined && isShare(real) ? real : undefined;
  }
  if (host.platform !== 'linux') return undefined;
  const type = await nearest(root, posix.dirname, host.fileSystemType);
  return type === undefined ? undefined : NETWORK_FILE_SYSTEMS.get(type >>> 0);
}

/** `\\server\share…` and `\\?\UNC\server\share…`, but neither `\\?\C:\…` nor a device. */
function isShare(path: string): boolean {
  const slashes = path.replaceAll('/', '\\');
  if (/^\\\\[?.]\\UNC\\/iu.test(slashes)) return true;
  return /^\\\\[^?.\\]/u.test(slashes);
}

/** What `ask` says of the path, or of its nearest parent that exists. */
async function nearest<T>(
  path: string,
  parent: (path: string) => string,
  ask: (path: string) => Promise<T>,
): Promise<T | undefined> {
  for (let at = path; ; at = parent(at)) {
    try {
      return await ask(at);
    } catch {
      if (parent(at) === at) return undefined;
    }
  }
}
