import type { PinKey, SealedPin, TokenEvent, TokenModule } from '../contract/token.ts';
import type { SigningKey } from './signing-key.ts';

export interface UnlockOptions {
  /**
   * What to do when the token says that one more wrong PIN locks it: `refuse` (default) fails with
   * `token.last-try-needs-confirmation` and sends nothing; `confirmed` means that the person said yes.
   */
  readonly lastTry?: 'refuse' | 'confirmed';
}

/** What the window waits for a module at most, once: a host starts and its driver looks at a card for the first time, about two seconds. */
export const LIST_PATIENCE_MS = 5_000;

export interface ListOptions {
  /**
   * Milliseconds to wait for a module that hangs or is slow; then its last answer stands in for it, or
   * `token.module-slow` where it never gave one. Event `answered` tells when it has. Without it every module is waited for.
   */
  readonly patienceMs?: number;
}

/**
 * Tokens and their keys, wherever they live. Every key is named by its URI. Nothing is ever tried again by
 * itself: a failed unlock or signature is an error with a code of the room `token`, and the person decides.
 */
export interface TokenService {
  /** Every configured module and soft token; one that cannot be used is listed with its error. */
  list(options?: ListOptions): Promise<readonly TokenModule[]>;
  /** A one-time public key of the host that holds `keyUri`, to seal a PIN with `sealPin` (core/contract/seal-pin.ts). */
  pinKey(keyUri: string): Promise<PinKey>;
  /** Logs in. `sealedPin` is null for a token with a PIN pad. */
  unlock(keyUri: string, sealedPin: SealedPin | null, options?: UnlockOptions): Promise<void>;
  /** Logs out of the token of `keyUri`, or of all; ends the process that knew the PIN. */
  lock(keyUri?: string): Promise<void>;
  /** The key with its certificate; `sign` goes to the token host and needs an unlocked token. */
  key(keyUri: string): Promise<SigningKey>;
  /** Starts noticing plugged and unplugged tokens (polling), until the returned function is called. */
  watch(): () => void;
  /** Ends the processes that hold no login, so that the next look starts their modules anew (somebody asked to check again). */
  lookAnew(): void;
  onEvent(listener: (event: TokenEvent) => void): () => void;
  /** Locks all and ends every host process. */
  close(): void;
}
