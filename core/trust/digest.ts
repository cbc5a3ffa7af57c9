import { createHash, getHashes, type Hash } from 'node:crypto';
import type { DigestName } from './signature-algorithm.ts';

/** SHAKE256 gives as many bytes as one asks for; signatures take 64 (RFC 8419 2.3). */
const shakeBytes = 64;

/** A hash of a signature's digest algorithm, SHAKE256 with 512 bits. */
export function newHash(name: DigestName): Hash {
  return createHash(name, name === 'shake256' ? { outputLength: shakeBytes } : undefined);
}

/** The digest of `bytes`. */
export function digestBytes(name: DigestName, bytes: Uint8Array): Buffer {
  return newHash(name).update(bytes).digest();
}

let known: ReadonlySet<string> | undefined;

/** Whether the crypto library of this host knows the digest: Electron's (BoringSSL) has no SHAKE256. */
export function isDigestKnown(name: DigestName): boolean {
  known ??= new Set(getHashes().map((hash) => hash.toLowerCase()));
  return name !== 'shake256' || known.has(name);
}
