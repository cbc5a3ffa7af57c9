import type { TokenModule } from '../../core/contract/token.ts';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';

export interface UnlockRequest {
  readonly uri: string;
  /** Opens the sealed PIN. Called only when the token's state allows a try; null stands for a PIN pad. */
  readonly openPin: (() => string) | null;
  readonly lastTry: 'refuse' | 'confirmed';
  /** Id of the token that is meant: another one that fits the URI gets no PIN. Null where none is known before (files). */
  readonly token: string | null;
  /** Tries on it that may be spent since the last right PIN: the client outlives this process. */
  readonly failedTries: number;
}

/** A signature as the token gave it; not yet checked against the key's certificate. */
export interface UncheckedSignature {
  readonly signature: Uint8Array;
  readonly key: KeyDescription;
  /** Id of the token. */
  readonly token: string;
}

/** What a token host does with one kind of token. Calls come one after another, never two at once; only signatures may follow each other. */
export interface TokenBackend {
  /** Loads what a login will need, while its PIN is on its way; asks no token. What fails is told by the call that needs it. */
  prepare(): Promise<void>;
  /** The module, or every soft-token file as one. */
  list(): Promise<readonly TokenModule[]>;
  /** Ids of the tokens that are plugged in now; logins of others are forgotten. */
  presence(): Promise<readonly string[]>;
  /** Id of the token that a URI names. Errors: `token.not-present`, `token.ambiguous`. */
  identify(uri: string): Promise<string>;
  /** Logs in; returns the token's id. */
  unlock(request: UnlockRequest): Promise<string>;
  /** Logs out of the token of `uri`, or of all. */
  lock(uri: string | null): Promise<void>;
  /** Ids of the tokens that are logged in. */
  unlocked(): readonly string[];
  describe(uri: string): Promise<KeyDescription>;
  /** May be called before the last one is made, and makes them in order. */
  sign(uri: string, request: SignRequest): Promise<UncheckedSignature>;
}
