import { join, resolve } from 'node:path';

/**
 * A folder that holds the backup sets of one office:
 *
 *     an-thu-backup.json             whose sets these are
 *     objects-NAME/ab/abcdef…        a pool: stored files by their SHA-256, shared by the sets that say so
 *     sets/NAME/manifest.json        what the set is made of
 *     sets/NAME/register.db          the register, settings, queue and log at one moment
 *
 * NAME is the moment of making in Vietnam with four random digits. Everything is written under a name that begins with
 * `.part-` first.
 */
export interface BackupTarget {
  readonly root: string;
  readonly marker: string;
  readonly sets: string;
}

export const PART_PREFIX = '.part-';
export const MANIFEST_FILE = 'manifest.json';
export const REGISTER_FILE = 'register.db';

export const SET_NAME = /^\d{8}-\d{6}-[0-9a-f]{4}$/;
export const POOL_NAME = /^objects-\d{8}-\d{6}-[0-9a-f]{4}$/;

export function targetAt(path: string): BackupTarget {
  const root = resolve(path);
  return { root, marker: join(root, 'an-thu-backup.json'), sets: join(root, 'sets') };
}

export const setPath = (target: BackupTarget, name: string): string => join(target.sets, name);

/** The file of an object in a pool. */
export const pooledPath = (target: BackupTarget, pool: string, sha256: string): string =>
  join(target.root, pool, sha256.slice(0, 2), sha256);
