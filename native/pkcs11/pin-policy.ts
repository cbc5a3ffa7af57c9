import { AnThuError } from '../../core/shared/errors.ts';
import type { PluggedToken } from './module.ts';
import { pinStateOf } from './token-flags.ts';
import { withOwnCount } from '../token-host/try-counts.ts';
import { tokenId } from './token-identity.ts';

export interface TryQuestion {
  readonly lastTry: 'refuse' | 'confirmed';
  /** Wrong PINs that we know of since the last right one. */
  readonly failedTries: number;
}

/**
 * The token's flags and our own count decide, before anything is sent, whether a PIN may be tried. Flags may lie or be
 * missing (tpm2-pkcs11 sets none): after two known failures the next try may be the last and needs the person's word.
 */
export function assertTryAllowed(token: PluggedToken, { lastTry, failedTries }: TryQuestion): void {
  const detail = { token: tokenId(token), failedTries };
  switch (withOwnCount(pinStateOf(token.flags), { wrong: failedTries, unclear: 0 })) {
    case 'locked':
      throw new AnThuError('token.pin-locked', detail);
    case 'not-initialized':
      throw new AnThuError('token.pin-not-initialized', detail);
    case 'must-be-changed':
      throw new AnThuError('token.pin-expired', detail);
    case 'final-try':
      if (lastTry !== 'confirmed') throw new AnThuError('token.last-try-needs-confirmation', detail);
      return;
    case 'count-low':
    case 'ok':
  }
}

/** A PIN of impossible length must never burn a try. Lengths are bytes; a maximum of 0 or below is no limit given. */
export function assertPinLength(token: PluggedToken, pin: string): void {
  const length = Buffer.byteLength(pin, 'utf8');
  const min = Math.max(1, token.minPinLength);
  const max = token.maxPinLength > 0 ? token.maxPinLength : 255;
  if (length < min || length > max)
    throw new AnThuError('token.pin-length', { min, max, token: tokenId(token) });
}
