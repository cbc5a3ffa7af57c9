import { AnThuError } from '../../core/shared/errors.ts';
import { ckrMeaning } from './ckr-table.ts';

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

/**
 * Turns what a module call threw into our error. `operation` is the PKCS#11 function; after a login the detail says
 * whether a try was spent (`trySpent`: yes, no, unclear).
 */
export function tokenError(thrown: unknown, operation: string, scheme = ''): AnThuError {
  if (thrown instanceof AnThuError) return thrown;
  const name = ckrName(thrown);
  const { code, trySpent } = ckrMeaning(name, operation);
  const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown';
  const detail = { ckr: name ?? reason, operation, scheme, ...(trySpent && { trySpent }) };
  return new AnThuError(code, detail, { cause: thrown });
}
