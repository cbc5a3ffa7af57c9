import { createHash } from 'node:crypto';
import type { KnownTries, OpenTry, TryCount, TryCountStore, TryOutcome } from './try-counts.ts';

/** What is known of one try: `under-way` was written before the PIN was sent. */
export type TryState = 'under-way' | 'unclear' | 'wrong';

/** One try as it was written down. */
export interface TryNote {
  readonly name: string;
  /** {@link tokenKey} of its token. */
  readonly token: string;
  readonly state: TryState;
  /** Whether the program that wrote it lives and may yet say more of it. */
  readonly mayBeSettled: boolean;
}

/**
 * Where tries are written down, each as a note of its own: nothing is read, changed and written back, so programs that write at the
 * same moment cannot lose each other's. None of it may wait for another program.
 */
export interface TryShelf {
  /** Writes a try of this program down; it is there, for every program, when the promise settles. Returns its name. */
  put(token: string): Promise<string>;
  /** Says more of one; where it was removed meanwhile it is written anew. Never fails. */
  mark(name: string, token: string, state: 'unclear' | 'wrong'): Promise<void>;
  /** Never fails; what cannot be removed stays, which is the careful mistake. */
  remove(names: readonly string[]): Promise<void>;
  /** All that is written down. Error: `token.tries-unreadable`. */
  notes(): Promise<TryNote[]>;
}

/** A token's id as a short name without letters that a file system may mind. */
export const tokenKey = (tokenId: string): string =>
  createHash('sha256').update(tokenId).digest('hex').slice(0, 32);

/**
 * Keeps the count of tries on each token. A try is written down before its PIN is sent: if this program is killed while the token
 * looks at it, the next one must not think that nothing was spent. Written first and counted after, of two programs that try at
 * once at least one knows of the other's.
 */
export class TryLedger implements TryCountStore {
  readonly #shelf: TryShelf;
  /** Names of the tries that are under way here. */
  readonly #underWay = new Set<string>();

  constructor(shelf: TryShelf) {
    this.#shelf = shelf;
  }

  async begin(tokenId: string): Promise<OpenTry> {
    const token = tokenKey(tokenId);
    const name = await this.#shelf.put(token);
    this.#underWay.add(name);
    try {
      const before = (await this.#notesOf(token)).filter((note) => note.name !== name);
      return {
        before: before.length,
        settle: async (outcome) => await this.#settle(name, token, outcome, before),
      };
    } catch (thrown) {
      await this.#forget([name]);
      throw thrown;
    }
  }

  async known(): Promise<KnownTries> {
    const notes = (await this.#shelf.notes()).filter(({ name }) => !this.#underWay.has(name));
    return (tokenId) => {
      const token = tokenKey(tokenId);
      return countOf(notes.filter((note) => note.token === token));
    };
  }

  async #settle(
    name: string,
    token: string,
    outcome: TryOutcome,
    before: readonly TryNote[],
  ): Promise<TryCount> {
    if (outcome === 'right') await this.#forget([name, ...before.filter(isOver).map((note) => note.name)]);
    else if (outcome === 'none') await this.#forget([name]);
    else {
      await this.#shelf.mark(name, token, outcome);
      this.#underWay.delete(name);
    }
    const left = await this.#notesOf(token).catch(() => undefined);
    // What cannot be read any more is at least this one.
    return left
      ? countOf(left)
      : { wrong: outcome === 'wrong' ? 1 : 0, unclear: outcome === 'unclear' ? 1 : 0 };
  }

  async #forget(names: readonly string[]): Promise<void> {
    await this.#shelf.remove(names);
    for (const name of names) this.#underWay.delete(name);
  }

  async #notesOf(token: string): Promise<TryNote[]> {
    return (await this.#shelf.notes()).filter((note) => note.token === token);
  }
}

/**
 * Whether a right PIN that was sent after this note was read has cleared it on the token, too. One that is still under way
 * elsewhere may reach the token after the right one: its own program says what becomes of it.
 */
const isOver = ({ state, mayBeSettled }: TryNote): boolean => state !== 'under-way' || !mayBeSettled;

function countOf(notes: readonly TryNote[]): TryCount {
  const wrong = notes.filter(({ state }) => state === 'wrong').length;
  return { wrong, unclear: notes.length - wrong };
}

/** Notes that live as long as the program. */
export function shelfInMemory(): TryShelf {
  const notes = new Map<string, TryNote>();
  let last = 0;
  return {
    put: async (token) => {
      const name = `#${++last}`;
      notes.set(name, { name, token, state: 'under-way', mayBeSettled: true });
      return name;
    },
    mark: async (name, token, state) => void notes.set(name, { name, token, state, mayBeSettled: false }),
    remove: async (names) => {
      for (const name of names) notes.delete(name);
    },
    notes: async () => [...notes.values()],
  };
}

/** Counts that live as long as the program. */
export const countsInMemory = (): TryCountStore => new TryLedger(shelfInMemory());
