import type { TokenModule } from '../../core/contract/token.ts';
import type { AnThuError } from '../../core/shared/errors.ts';
import { hostIsGone } from './failures.ts';
import {
  type KnownTries,
  type TryCount,
  type TryCountStore,
  type TryOutcome,
  withOwnCount,
} from './try-counts.ts';

/** What became of a PIN, by the error that its login ended with; undefined is an error that is none of ours. */
export function outcomeOf(known: AnThuError | undefined): TryOutcome {
  const spent = known?.detail['trySpent'];
  if (known?.code === 'token.pin-incorrect' || spent === 'yes') return 'wrong';
  return !known || hostIsGone(known) || spent === 'unclear' ? 'unclear' : 'none';
}

/** Writes down how a try ended that was not written down before. Error: `token.tries-unreadable`. */
export async function settleAnew(
  store: TryCountStore,
  tokenId: string,
  outcome: TryOutcome,
): Promise<TryCount> {
  const openTry = await store.begin(tokenId);
  return await openTry.settle(outcome);
}

/** A module's tokens with our own count of tries beside their own word. */
export function withTries(module: TokenModule, tries: KnownTries): TokenModule {
  const tokens = module.tokens.map((token) => {
    const count = tries(token.id);
    const pinState = token.kind === 'soft' ? token.pinState : withOwnCount(token.pinState, count);
    return { ...token, failedTries: count.wrong, pinState };
  });
  return { ...module, tokens };
}
