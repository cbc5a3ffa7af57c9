import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFolder, unlinkIfThere } from '../../shared/durable-fs.ts';
import { AnThuError } from '../../shared/errors.ts';
import { whileHeld } from '../../shared/sharing.ts';
import type { TryCountStore } from '../../../native/token-host/try-counts.ts';
import {
  shelfInMemory,
  TryLedger,
  type TryNote,
  type TryShelf,
} from '../../../native/token-host/try-ledger.ts';

/** Key of the token, process that tries, something of its own. */
const noteName = /^(?<token>[\da-f]{32})-(?<pid>\d{1,10})-[\da-f]{16}$/;

const stateSchema = z.enum(['under-way', 'unclear', 'wrong']);

/** A login is over after two minutes (its deadline); a process of that number is another one by then. */
const LONGEST_LOGIN_MS = 10 * 60 * 1000;

/**
 * Our own count of wrong PINs in a folder that engine and command line share: it must outlive the program, for a token that does
 * not tell how many tries are left locks all the same. Each try is a small file, made before its PIN is sent and removed after
 * the right one (docs/decisions/token-host-and-pin-sealing.md, "How often a PIN may be wrong"). Where no file can be made
 * there the try is counted as long as this program lives.
 */
export const tryCountsIn = (folder: string): TryCountStore => new TryLedger(new TryFolder(folder));

class TryFolder implements TryShelf {
  readonly #folder: string;
  /** What could not be written. */
  readonly #own = shelfInMemory();
  readonly #ownNames = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(token: string): Promise<string> {
    const name = `${token}-${process.pid}-${randomBytes(8).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#write(name, 'under-way', 'wx');
      await syncFolder(this.#folder);
      return name;
    } catch {
      await this.remove([name]);
      const own = await this.#own.put(token);
      this.#ownNames.add(own);
      return own;
    }
  }

  async mark(name: string, token: string, state: 'unclear' | 'wrong'): Promise<void> {
    if (this.#ownNames.has(name)) return await this.#own.mark(name, token, state);
    try {
      await whileHeld(name, () => this.#write(name, state, 'w'));
    } catch {
      // it stays a try of which nobody knows what became
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    await this.#own.remove(names);
    await Promise.all(
      names
        .filter((name) => !this.#ownNames.delete(name))
        .map((name) => unlinkIfThere(join(this.#folder, name)).catch(() => undefined)),
    );
  }

  async notes(): Promise<TryNote[]> {
    const written = (await this.#names()).map((name) => this.#read(name));
    return [...(await Promise.all(written)).flat(), ...(await this.#own.notes())];
  }

  /** A folder that is there and cannot be read must not be taken for an empty one. */
  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if (await this.#isAbsent()) return [];
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new AnThuError('token.tries-unreadable', { path: this.#folder, reason }, { cause: error });
    }
  }

  async #isAbsent(): Promise<boolean> {
    try {
      await lstat(this.#folder);
      return false;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR';
    }
  }

  /** A note that says nothing that we understand is a try all the same; a file of another name is none of ours. */
  async #read(name: string): Promise<TryNote[]> {
    const { token, pid } = noteName.exec(name)?.groups ?? {};
    if (token === undefined) return [];
    const path = join(this.#folder, name);
    try {
      // Empty is one that is being written.
      const { success, data } = stateSchema.safeParse((await readFile(path, 'utf8')) || 'under-way');
      const state = success ? data : 'unclear';
      return [
        { name, token, state, mayBeSettled: state === 'under-way' && (await isUnderWay(path, Number(pid))) },
      ];
    } catch (error) {
      // Removed since the folder was read.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      return [{ name, token, state: 'unclear', mayBeSettled: false }];
    }
  }

  async #write(name: string, state: TryNote['state'], flags: 'wx' | 'w'): Promise<void> {
    await using file = await open(join(this.#folder, name), flags, 0o600);
    await file.writeFile(state);
    await file.sync();
  }
}

async function isUnderWay(path: string, pid: number): Promise<boolean> {
  if (Date.now() - (await stat(path)).mtimeMs > LONGEST_LOGIN_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
