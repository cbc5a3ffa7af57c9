import { fileURLToPath, pathToFileURL } from 'node:url';
import { AnThuError } from '../../core/shared/errors.ts';

/** Path of a soft token from its `file:` URI. Error: `token.uri-invalid`. */
export function softTokenPath(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new AnThuError('token.uri-invalid', { reason: 'neither pkcs11: nor file:' }, { cause });
  }
}

/** Id of the soft token that a URI leads to: its file, whichever key of it is named. Error: `token.uri-invalid`. */
export function softTokenId(uri: string): string {
  return pathToFileURL(softTokenPath(uri)).href;
}

/** The key that the URI names among several of a file: the fingerprint after `#`; empty when it names none. */
export function softKeyName(uri: string): string {
  return new URL(uri).hash.slice(1).toLowerCase();
}
