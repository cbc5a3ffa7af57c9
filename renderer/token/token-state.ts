import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { namesKey, pathOfKey } from '../../core/contract/same-key.ts';
import type { TokenSessions } from '../../core/contract/sealing.ts';
import type { TokenModule } from '../../core/contract/token.ts';
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
  if (key.state === 'unlocked')
    return {
      ...rest,
      state: 'ready',
      idleLockAt:
        own
          .flatMap((one) => one.idleLockAt ?? [])
          .toSorted()
          .at(-1) ?? null,
    };
  const { pinState } = key.token;
  const blocked = pinState === 'locked' || pinState === 'not-initialized' || pinState === 'must-be-changed';
  return { ...rest, state: blocked ? 'blocked' : 'locked' };
}
