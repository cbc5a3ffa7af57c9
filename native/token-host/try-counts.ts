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

/** How a PIN ended that was, or was to be, sent: `none` where it never reached the token, `unclear` where nobody can say. */
export type TryOutcome = 'right' | 'wrong' | 'unclear' | 'none';

/** A try that was written down before its PIN is sent. */
export interface OpenTry {
  /** Tries that may have been spent before, those under way elsewhere included. */
  readonly before: number;
  /** Says what became of it, once; returns the count after it. Never fails. */
  settle(outcome: TryOutcome): Promise<TryCount>;
}

/** The count of a token, by its id. */
export type KnownTries = (tokenId: string) => TryCount;

/** Keeps the counts, by token id. What a host or a program forgets when it ends, the store remembers. */
export interface TryCountStore {
  /** A PIN is about to be sent to this token. Error: `token.tries-unreadable`, and then nothing may be sent. */
  begin(tokenId: string): Promise<OpenTry>;
  /** The counts of now, without what is under way in this program: that is no failure yet. Error: `token.tries-unreadable`. */
  known(): Promise<KnownTries>;
}

export const noTries: TryCount = { wrong: 0, unclear: 0 };

/** The counts as they are shown: where they cannot be read nothing is sent (`begin`), and the token's own word is what can be shown. */
export async function triesToShow(store: TryCountStore): Promise<KnownTries> {
  return await store.known().catch(() => () => noTries);
}

/** Tries that may be spent: the careful number. */
const triesSpent = ({ wrong, unclear }: TryCount): number => wrong + unclear;

/**
 * The PIN state with our own count beside the token's flags: after a wrong PIN it is no longer as good as new, and one try before
 * the usual limit counts as the last.
 */
export function withOwnCount(state: PinState, count: TryCount): PinState {
  if (state !== 'ok' && state !== 'count-low') return state;
  if (triesSpent(count) >= USUAL_LIMIT - 1) return 'final-try';
  return count.wrong > 0 ? 'count-low' : state;
}
