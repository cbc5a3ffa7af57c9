import type { TokenModule } from '../../core/contract/token.ts';
import { AnThuError, toErrorValue } from '../../core/shared/errors.ts';
import type { HostTarget } from './host-connection.ts';

/** Errors before the sealed PIN was opened or a login touched: the host goes on as it was. */
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
 * module itself answered (`ckr`) is never harmless.
 */
export function mayHaveChangedLogins(thrown: unknown): boolean {
  if (!(thrown instanceof AnThuError) || hostIsGone(thrown)) return false;
  return !harmless.has(thrown.code) || thrown.detail['ckr'] !== undefined;
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
