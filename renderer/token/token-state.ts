import type { ErrorValue } from '../../core/contract/errors/value.ts';
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
  const session = sessions.find((one) => one.keyUri === keyUri);
  const module = modules.find(({ path }) => path === pathOf(keyUri ?? ''));
  const trouble = troubles.find(({ path }) => path === module?.path)?.error ?? null;
  const rest = { key, trouble: module?.error ?? trouble, idleLockAt: null };
  if (key.state === 'not-chosen') return { ...rest, trouble: null, state: 'not-chosen' };
  if (key.state === 'absent') return { ...rest, state: module?.error ? 'driver' : 'absent' };
  if (session?.busy) return { ...rest, state: 'busy' };
  if (key.state === 'unlocked') return { ...rest, state: 'ready', idleLockAt: session?.idleLockAt ?? null };
  const { pinState } = key.token;
  const blocked = pinState === 'locked' || pinState === 'not-initialized' || pinState === 'must-be-changed';
  return { ...rest, state: blocked ? 'blocked' : 'locked' };
}

/** The library or file that a key lies behind; empty when its address names none. */
export function pathOf(keyUri: string): string {
  if (keyUri.startsWith('file:')) return decodeURIComponent(URL.parse(keyUri)?.pathname ?? '');
  const path = /[?&]module-path=([^&]*)/.exec(keyUri)?.[1] ?? '';
  return decodeURIComponent(path);
}
