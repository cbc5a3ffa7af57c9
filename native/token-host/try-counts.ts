import type { PinState } from '../../core/contract/token.ts';

/** Wrong PINs in a row after which most tokens lock (domain/vietnam.md §6.3: "3 wrong tries in most guides"). */
const USUAL_LIMIT = 3;

/** What we know of the tries on one token since its last right PIN. */
export interface TryCount {
  /** Wrong PINs that the token told of. */
  readonly wrong: number;
  /** Logins that failed so that nobody knows whether the PIN was looked at (driver fault, hang, crash). */
  readonly unclear: number;
}

/** Keeps the counts, by token id. What a host or a program forgets when it ends, the store remembers. */
export interface TryCountStore {
  get(tokenId: string): TryCount;
  set(tokenId: string, count: TryCount): void;
  /** Puts `change` of the count in its place, with no other program counting between; returns what was there before. */
  update(tokenId: string, change: (count: TryCount) => TryCount): TryCount;
  /** All tokens with a count that is not zero. */
  all(): Readonly<Record<string, TryCount>>;
}

export const noTries: TryCount = { wrong: 0, unclear: 0 };

/** Counts that live as long as the program. */
export function countsInMemory(): TryCountStore {
  const counts = new Map<string, TryCount>();
  const get = (tokenId: string): TryCount => counts.get(tokenId) ?? noTries;
  return {
    get,
    set: (tokenId, count) => void counts.set(tokenId, count),
    update: (tokenId, change) => {
      const before = get(tokenId);
      counts.set(tokenId, change(before));
      return before;
    },
    all: () => Object.fromEntries(counts),
  };
}

/** Tries that may be spent: the careful number. */
export const triesSpent = ({ wrong, unclear }: TryCount): number => wrong + unclear;

/**
 * The PIN state with our own count beside the token's flags: after a wrong PIN it is no longer as good as new, and one try before
 * the usual limit counts as the last.
 */
export function withOwnCount(state: PinState, count: TryCount): PinState {
  if (state !== 'ok' && state !== 'count-low') return state;
  if (triesSpent(count) >= USUAL_LIMIT - 1) return 'final-try';
  return count.wrong > 0 ? 'count-low' : state;
}
