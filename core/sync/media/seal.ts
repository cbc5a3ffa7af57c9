import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { MEDIA_FORMAT } from './format.ts';

/** Which way a package goes: each has a key of its own, so that an office's own package cannot come back as an answer. */
export type MediaDirection = 'export' | 'answer';

/**
 * The seal of a manifest: HMAC-SHA256 under a key that HKDF-SHA256 (RFC 5869) derives from the secret which office and province share
 * already. The manifest names every other file by its SHA-256. 64 lower-case hex digits.
 */
export function sealOf(manifest: Uint8Array, secret: string, direction: MediaDirection): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `${MEDIA_FORMAT} ${direction}`, 32));
  return createHmac('sha256', key).update(manifest).digest('hex');
}

/** Whether a seal was made for exactly these bytes by somebody who has the secret. */
export function sealFits(
  seal: string,
  manifest: Uint8Array,
  secret: string,
  direction: MediaDirection,
): boolean {
  const expected = Buffer.from(sealOf(manifest, secret, direction));
  const given = Buffer.from(seal);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
