import { constants } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AnThuError } from '../shared/errors.ts';
import { whileHeld } from '../shared/sharing.ts';
import { failpoint } from '../shared/failpoint.ts';
import {
  asObjectReadError,
  asWriteError,
  hashFile,
  renameDurably,
  requireSpace,
  syncFile,
  syncFolder,
  unlinkIfThere,
} from '../shared/durable-fs.ts';

export interface StoredObject {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Sealed files named by their SHA-256. A file is complete and flushed before its name exists, and never changes
 * after; the database may then speak of it. A file that no row names is an orphan and harmless.
 */
export class ObjectStore {
  readonly #objects: string;
  readonly #quarantine: string;
  readonly #scratch: string;

  constructor(folders: { objects: string; quarantine: string; scratch: string }) {
    this.#objects = folders.objects;
    this.#quarantine = folders.quarantine;
    this.#scratch = folders.scratch;
  }

  /** A fresh path on the same volume for a file being made. */
  scratchPath(suffix: string): string {
    return join(this.#scratch, `${randomUUID()}${suffix}`);
  }

  /** Fails with `store.disk-full` when so many bytes do not fit beside what must stay free. */
  async requireRoom(bytes: number): Promise<void> {
    await requireSpace(this.#scratch, bytes);
  }

  /** Copies a file in, hashing while it copies; the source is left alone. */
  async put(sourcePath: string): Promise<StoredObject> {
    const temporary = this.scratchPath('.object');
    try {
      const size = (await stat(sourcePath)).size;
      await requireSpace(this.#scratch, size * 2);
      const stored = await copyAndHash(sourcePath, temporary);
      failpoint('store.object-copied');
      await this.#publish(temporary, stored.sha256);
      return stored;
    } catch (error) {
      await unlinkIfThere(temporary);
      throw asWriteError(error, this.#objects);
    }
  }

  /** Takes over a finished scratch file (flushes, hashes, renames). */
  async adopt(scratchPath: string): Promise<StoredObject> {
    try {
      await syncFile(scratchPath);
      const stored = await hashFile(scratchPath);
      await this.#publish(scratchPath, stored.sha256);
      return stored;
    } catch (error) {
      throw asWriteError(error, this.#objects);
    }
  }

  /** Path of a stored object; the file may be missing or changed: {@link check} tells. */
  path(sha256: string): string {
    return join(this.#objects, sha256.slice(0, 2), sha256);
  }

  quarantinePath(sha256: string): string {
    return join(this.#quarantine, sha256);
  }

  /** Moves an object out of reach. Doing it twice is no error. */
  async quarantine(sha256: string): Promise<void> {
    try {
      // The same bytes may lie there from before; Windows lets nothing take the place of a read-only file.
      await chmod(this.quarantinePath(sha256), 0o600).catch(() => undefined);
      await renameDurably(this.path(sha256), this.quarantinePath(sha256));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asWriteError(error, this.#quarantine);
      if (!(await exists(this.quarantinePath(sha256))))
        throw new AnThuError('store.object-missing', { sha256 });
    }
  }

  /** Reads an object again and compares it with its name. Fails with `store.object-unreadable`. */
  async check(sha256: string): Promise<'intact' | 'missing' | 'changed'> {
    try {
      return (await hashFile(this.path(sha256))).sha256 === sha256 ? 'intact' : 'changed';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
      throw asObjectReadError(error, sha256);
    }
  }

  /** Fails with `store.object-missing`, `…changed` or `…unreadable` unless the object is what its name says. */
  async requireIntact(sha256: string): Promise<string> {
    const state = await this.check(sha256);
    if (state === 'missing') throw new AnThuError('store.object-missing', { sha256 });
    if (state === 'changed') throw new AnThuError('store.object-changed', { sha256 });
    return this.path(sha256);
  }

  /** Names of every stored object. */
  async *list(): AsyncGenerator<string> {
    for (const shelf of await readdir(this.#objects, { withFileTypes: true })) {
      // What a desktop leaves in folders (Thumbs.db, .DS_Store) is no shelf.
      if (shelf.isDirectory()) yield* await readdir(join(this.#objects, shelf.name));
    }
  }

  async #publish(temporary: string, sha256: string): Promise<void> {
    const target = this.path(sha256);
    const shelf = dirname(target);
    if (await exists(target)) {
      // The same bytes are here already, unless the disk spoiled them: then the good copy takes the place.
      if ((await hashFile(target)).sha256 === sha256) return unlinkIfThere(temporary);
      // Windows lets nothing take the place of a read-only file.
      await chmod(target, 0o600);
    }
    await mkdir(shelf, { recursive: true, mode: 0o700 });
    await chmod(temporary, 0o400);
    await whileHeld(target, () => rename(temporary, target));
    failpoint('store.object-renamed');
    await syncFolder(shelf);
    await syncFolder(this.#objects);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function copyAndHash(from: string, to: string): Promise<StoredObject> {
  const hash = createHash('sha256');
  let bytes = 0;
  const source = await open(from, 'r');
  try {
    const target = await open(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      const buffer = Buffer.allocUnsafe(1 << 20);
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        await target.writeFile(chunk);
        bytes += bytesRead;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}
