import { parsePkcs11Uri } from '../../../native/pkcs11/pkcs11-uri.ts';
import { softTokenPath } from '../../../native/soft-token/soft-uri.ts';

/**
 * Lets an address of a key into the settings, which are stored, logged and shown. Errors: `token.uri-invalid`, and
 * `token.pin-value-refused` for one that holds a PIN.
 */
export function assertKeyAddress(keyUri: string): void {
  if (keyUri.startsWith('file:')) softTokenPath(keyUri);
  else parsePkcs11Uri(keyUri);
}
