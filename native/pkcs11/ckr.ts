import type { ErrorCode } from '../../core/contract/errors/index.ts';
import { AnThuError } from '../../core/shared/errors.ts';

/**
 * What each return value of a module means to a person (findings/signing-stack.md §7, signing-peers.md §3.4).
 * A value that is not here is `token.driver-fault`: only CKR_PIN_INCORRECT may say that the PIN is wrong.
 */
const codes: Readonly<Record<string, ErrorCode>> = {
  CKR_PIN_INCORRECT: 'token.pin-incorrect',
  CKR_PIN_INVALID: 'token.pin-invalid',
  CKR_PIN_LEN_RANGE: 'token.pin-refused-length',
  CKR_PIN_EXPIRED: 'token.pin-expired',
  CKR_PIN_TOO_WEAK: 'token.pin-expired',
  CKR_NEW_PIN_MODE: 'token.pin-expired',
  CKR_PIN_LOCKED: 'token.pin-locked',
  CKR_USER_PIN_NOT_INITIALIZED: 'token.pin-not-initialized',
  CKR_TOKEN_NOT_PRESENT: 'token.not-present',
  CKR_SLOT_ID_INVALID: 'token.not-present',
  CKR_TOKEN_NOT_RECOGNIZED: 'token.not-recognized',
  CKR_DEVICE_REMOVED: 'token.removed',
  CKR_SESSION_HANDLE_INVALID: 'token.login-lost',
  CKR_SESSION_CLOSED: 'token.login-lost',
  CKR_USER_NOT_LOGGED_IN: 'token.login-lost',
  CKR_OBJECT_HANDLE_INVALID: 'token.login-lost',
  CKR_KEY_HANDLE_INVALID: 'token.login-lost',
  CKR_OPERATION_NOT_INITIALIZED: 'token.login-lost',
  CKR_OPERATION_ACTIVE: 'token.busy',
  CKR_SESSION_COUNT: 'token.busy',
  CKR_SESSION_EXISTS: 'token.busy',
  CKR_SESSION_READ_WRITE_SO_EXISTS: 'token.busy',
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: 'token.busy',
  CKR_USER_TOO_MANY_TYPES: 'token.busy',
  CKR_CRYPTOKI_ALREADY_INITIALIZED: 'token.busy',
  CKR_FUNCTION_CANCELED: 'token.canceled',
  CKR_FUNCTION_REJECTED: 'token.canceled',
  CKR_CANCEL: 'token.canceled',
  CKR_MECHANISM_INVALID: 'token.mechanism-unsupported',
  CKR_MECHANISM_PARAM_INVALID: 'token.mechanism-unsupported',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'token.key-not-permitted',
  CKR_KEY_TYPE_INCONSISTENT: 'token.key-not-permitted',
};

/** Return values after which the session (not necessarily the login) is of no more use. */
const sessionEnders: ReadonlySet<string> = new Set([
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_DEVICE_REMOVED',
  'CKR_USER_NOT_LOGGED_IN',
]);

/** The CKR name in something thrown by pkcs11js (`Pkcs11Error`: the message is the name); null for others. */
export function ckrName(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  return /CKR_\w+/.exec(thrown.message)?.[0] ?? null;
}

export function endsSession(thrown: unknown): boolean {
  const name = ckrName(thrown);
  return name !== null && sessionEnders.has(name);
}

/** Turns what a module call threw into our error. `operation` is the PKCS#11 function, for diagnostics. */
export function tokenError(thrown: unknown, operation: string, scheme = ''): AnThuError {
  if (thrown instanceof AnThuError) return thrown;
  const name = ckrName(thrown);
  if (name === null) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown';
    return new AnThuError('token.driver-fault', { ckr: reason, operation }, { cause: thrown });
  }
  const code = codes[name] ?? 'token.driver-fault';
  return new AnThuError(code, { ckr: name, operation, scheme }, { cause: thrown });
}
