import { noTries, triesSpent, type TryCount, type TryCountStore } from './try-counts.ts';

/** How a PIN ended that was, or was to be, sent: `none` where it never reached the token, `unclear` where nobody can say. */
type Outcome = 'right' | 'wrong' | 'unclear' | 'none';

/**
 * Keeps the count of tries on each token. A try stands in the store as an unclear one before its PIN is sent: if this program is
 * killed while the token looks at it, the next one must not think that nothing was spent.
 */
export class TryLedger {
  readonly #store: TryCountStore;
  readonly #underWay = new Map<string, number>();

  constructor(store: TryCountStore) {
    this.#store = store;
  }

  /** A PIN is about to be sent to this token. Returns the tries that may have been spent before, those under way elsewhere included. */
  begin(tokenId: string): number {
    const before = this.#store.update(tokenId, (count) => ({ ...count, unclear: count.unclear + 1 }));
    this.#underWay.set(tokenId, this.#waiting(tokenId) + 1);
    return triesSpent(before);
  }

  /** What became of a PIN, whether or not it was begun; the count after it. */
  settle(tokenId: string, outcome: Outcome): TryCount {
    const waiting = this.#waiting(tokenId);
    let after = noTries;
    this.#store.update(tokenId, (count) => {
      const before = withoutUnderWay(count, Math.min(1, waiting));
      after = {
        right: noTries,
        wrong: { ...before, wrong: before.wrong + 1 },
        unclear: { ...before, unclear: before.unclear + 1 },
        none: before,
      }[outcome];
      return after;
    });
    if (waiting > 1) this.#underWay.set(tokenId, waiting - 1);
    else this.#underWay.delete(tokenId);
    return after;
  }

  /** The count without those under way: they are no failures yet. */
  of(tokenId: string): TryCount {
    return withoutUnderWay(this.#store.get(tokenId), this.#waiting(tokenId));
  }

  /** Tries that may be spent, by token id, those under way included. */
  spent(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.#store.all()).map(([id, count]) => [id, triesSpent(count)]),
    );
  }

  #waiting(tokenId: string): number {
    return this.#underWay.get(tokenId) ?? 0;
  }
}

const withoutUnderWay = ({ wrong, unclear }: TryCount, underWay: number): TryCount => ({
  wrong,
  unclear: Math.max(0, unclear - underWay),
});
