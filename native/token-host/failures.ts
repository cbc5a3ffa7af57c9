import type { TokenModule } from '../../core/contract/token.ts';
import { AnThuError, toErrorValue } from '../../core/shared/errors.ts';
import type { HostTarget } from './host-connection.ts';

/** Errors before a login is touched; where they come after it, or after the sealed PIN was opened, the detail says so (`pinSeen`). */
const harmless: ReadonlySet<string> = new Set([
  'token.last-try-needs-confirmation',
  'token.pin-required',
  'token.pin-locked',
  'token.pin-key-spent',
  'token.tries-unreadable',
  'token.not-unlocked',
  'token.ambiguous',
  'token.scheme-mismatch',
]);

/** Whether the host process ended with this error, and every login with it. */
export function hostIsGone(thrown: unknown): boolean {
  return (
    thrown instanceof AnThuError &&
    (thrown.code === 'token.driver-timeout' || thrown.code === 'token.driver-crashed')
  );
}

/**
 * Whether, after this error, the host must be asked which logins are left, and may have seen a PIN for nothing. What the
 * module itself answered (`ckr`), or what came after the PIN was opened (`pinSeen`), is never harmless.
 */
export function mayHaveChangedLogins(thrown: unknown): boolean {
  if (!(thrown instanceof AnThuError) || hostIsGone(thrown)) return false;
  const { ckr, pinSeen } = thrown.detail;
  return !harmless.has(thrown.code) || ckr !== undefined || pinSeen !== undefined;
}

/** What the list shows for a host that could not even answer. */
export function unusable(target: HostTarget, thrown: unknown): TokenModule[] {
  const paths = target.kind === 'pkcs11' ? [target.path] : target.paths;
  return paths.map((path) => ({
    kind: target.kind,
    path,
    state: 'unusable',
    error: toErrorValue(thrown),
    description: '',
    slots: [],
    tokens: [],
  }));
}
