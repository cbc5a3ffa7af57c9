import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { namesKey, pathOfKey } from '../../core/contract/same-key.ts';
import type { TokenSessions } from '../../core/contract/sealing.ts';
import type { Token, TokenKey, TokenModule } from '../../core/contract/token.ts';
import { findSigningKey, type SigningKey } from './signing-key.ts';

/** Where the agency's token stands, as the strip shows it. */
export interface TokenState {
  readonly key: SigningKey;
  /** `driver`: its driver cannot be used; `blocked`: its PIN is locked or was never set; `busy`: a login or signature is with it. */
  readonly state: 'not-chosen' | 'driver' | 'absent' | 'blocked' | 'locked' | 'busy' | 'ready';
  /** What its driver did last; stays until the token was used well again. */
  readonly trouble: ErrorValue | null;
  /** When it locks by itself. */
  readonly idleLockAt: string | null;
}

/** A token that does not hold the agency's key (a leader's, a second one). */
export interface OtherToken {
  readonly token: Token;
  /** By which it is unlocked, locked and tried. */
  readonly key: TokenKey;
  readonly state: 'blocked' | 'locked' | 'busy' | 'ready';
  readonly idleLockAt: string | null;
}

/** The tokens beside the agency's, those that are open first. */
export function otherTokensOf(
  agency: SigningKey,
  modules: readonly TokenModule[],
  { sessions }: TokenSessions,
): OtherToken[] {
  const own = 'token' in agency ? agency.token.id : null;
  const others = modules.flatMap(({ path, tokens }) =>
    tokens.flatMap((token): OtherToken[] => {
      const [key] = token.keys;
      if (!key || token.id === own) return [];
      // Whichever of its keys was used: the login is the token's.
      const uses = sessions.filter(({ keyUri }) =>
        token.keys.some((each) => namesKey(keyUri, each, token, path)),
      );
      if (uses.some(({ busy }) => busy)) return [{ token, key, state: 'busy', idleLockAt: null }];
      if (token.unlocked) return [{ token, key, state: 'ready', idleLockAt: lastIdleLock(uses) }];
      return [{ token, key, state: isBlocked(token) ? 'blocked' : 'locked', idleLockAt: null }];
    }),
  );
  return others.toSorted((a, b) => Number(b.token.unlocked) - Number(a.token.unlocked));
}

/** Whether no PIN can open it. */
export const isBlocked = ({ pinState }: Pick<Token, 'pinState'>): boolean =>
  pinState === 'locked' || pinState === 'not-initialized' || pinState === 'must-be-changed';

function lastIdleLock(sessions: TokenSessions['sessions']): string | null {
  const times = sessions.flatMap(({ idleLockAt }) => idleLockAt ?? []);
  return times.toSorted().at(-1) ?? null;
}

/** Puts together what the engine says of modules, tokens and their use. */
export function tokenStateOf(
  keyUri: string | null,
  modules: readonly TokenModule[],
  { sessions, troubles }: TokenSessions,
): TokenState {
  const key = findSigningKey(keyUri, modules);
  const module = modules.find(({ path }) => path === pathOfKey(keyUri ?? ''));
  // The same key may have been used under two addresses.
  const own = sessions.filter((one) =>
    'token' in key ? namesKey(one.keyUri, key.key, key.token, module?.path ?? '') : one.keyUri === keyUri,
  );
  const trouble = troubles.find(({ path }) => path === module?.path)?.error ?? null;
  const rest = { key, trouble: module?.error ?? trouble, idleLockAt: null };
  if (key.state === 'not-chosen') return { ...rest, trouble: null, state: 'not-chosen' };
  if (key.state === 'absent') return { ...rest, state: module?.error ? 'driver' : 'absent' };
  if (own.some(({ busy }) => busy)) return { ...rest, state: 'busy' };
  if (key.state === 'unlocked') return { ...rest, state: 'ready', idleLockAt: lastIdleLock(own) };
  return { ...rest, state: isBlocked(key.token) ? 'blocked' : 'locked' };
}
