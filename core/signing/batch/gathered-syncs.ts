import { setTimeout as sleep } from 'node:timers/promises';
import { syncFolderTogether } from '../../shared/durable-fs.ts';

/**
 * Milliseconds for which names are gathered. The syncs of the files that follow have written the folder's journal along by
 * then, so that its own sync finds little left to do; and it is next to nothing beside a token that a person waits for.
 */
const GATHER_MS = 4;

/** Makes the new names of many files durable with few syncs of their folders. */
export class GatheredSyncs {
  readonly #gathering = new Map<string, Promise<void>>();
  readonly #syncFolder: (folder: string) => Promise<void>;

  constructor(syncFolder: (folder: string) => Promise<void> = syncFolderTogether) {
    this.#syncFolder = syncFolder;
  }

  /** Settles when every name that is in `folder` by now is durable. */
  sync(folder: string): Promise<void> {
    const gathering = this.#gathering.get(folder) ?? this.#begin(folder);
    this.#gathering.set(folder, gathering);
    return gathering;
  }

  async #begin(folder: string): Promise<void> {
    await sleep(GATHER_MS);
    // From here on others are too late for this sync: it may have begun before their name was there.
    this.#gathering.delete(folder);
    await this.#syncFolder(folder);
  }
}
