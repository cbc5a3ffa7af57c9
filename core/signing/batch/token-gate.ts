import type { SigningKey, SignRequest } from '../../ports/signing-key.ts';
import { AnThuError, asAnThuError } from '../../shared/errors.ts';

/**
 * Errors after which the token cannot go on without a person: it is gone, its login is over, or its PIN is in doubt.
 * The next file would only meet the same, and a PIN must never be used again by itself (signing-peers.md §3.4).
 */
const tokenEnders: ReadonlySet<string> = new Set<AnThuError['code']>([
  'token.removed',
  'token.not-present',
  'token.not-recognized',
  'token.login-lost',
  'token.not-unlocked',
  'token.driver-crashed',
  'token.driver-timeout',
  'token.driver-fault',
  'token.pin-incorrect',
  'token.pin-locked',
  'token.pin-expired',
  'token.pin-required',
  'token.canceled',
  'token.key-mismatch',
  'signing.bad-signature',
]);

/** Whether, after this error, the token must not be asked again by itself. */
export function endsBatch(thrown: unknown): thrown is AnThuError {
  return thrown instanceof AnThuError && tokenEnders.has(thrown.code);
}

/** What the token did during a batch, in milliseconds. */
export interface TokenTimes {
  readonly signatures: number;
  /** From the first request to the last answer. */
  readonly spanMs: number;
  /** Of it: no request was with the token. */
  readonly idleMs: number;
}

export interface TokenGateOptions {
  readonly key: SigningKey | Promise<SigningKey>;
  /** How many requests may be with the token at once; more than one hides the way to its process. */
  readonly depth: number;
  readonly signal?: AbortSignal;
}

/**
 * The one way of a batch to its token: first come, first served, at most `depth` requests at once, and none any more
 * once the token has failed (`signing.batch-token-gone`) or the batch was cancelled (`signing.batch-cancelled`).
 */
export class TokenGate {
  /** The key for each file of the batch. */
  readonly key: Promise<SigningKey>;
  readonly #options: TokenGateOptions;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #gone: AnThuError | undefined;
  #signatures = 0;
  #first: number | undefined;
  #last = 0;
  #idleMs = 0;

  constructor(options: TokenGateOptions) {
    this.#options = options;
    this.key = Promise.resolve(options.key).then((key) => ({
      ...key,
      sign: (request) => this.#sign(key, request),
    }));
    this.key.catch((thrown: unknown) => this.close(asAnThuError(thrown)));
  }

  /** Why no further request goes to the token; undefined while requests are let through. */
  get closed(): AnThuError | undefined {
    if (this.#gone) return new AnThuError('signing.batch-token-gone', { cause: this.#gone.code });
    return this.#options.signal?.aborted ? new AnThuError('signing.batch-cancelled') : undefined;
  }

  /** The error that made the token unusable. */
  get tokenError(): AnThuError | undefined {
    return this.#gone;
  }

  get times(): TokenTimes {
    return {
      signatures: this.#signatures,
      spanMs: this.#first === undefined ? 0 : this.#last - this.#first,
      idleMs: this.#idleMs,
    };
  }

  /** Shuts the gate for an error that only showed after the signature came back. */
  close(error: AnThuError): void {
    this.#gone ??= error;
  }

  async #sign(key: SigningKey, request: SignRequest): Promise<Uint8Array> {
    await this.#enter();
    try {
      const { closed } = this;
      if (closed) throw closed;
      const signature = await key.sign(request);
      this.#signatures++;
      return signature;
    } catch (thrown) {
      if (endsBatch(thrown)) this.close(thrown);
      throw thrown;
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#inside >= this.#options.depth)
      return await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const now = performance.now();
    this.#first ??= now;
    if (this.#inside === 0 && this.#last > 0) this.#idleMs += now - this.#last;
    this.#inside++;
  }

  #leave(): void {
    this.#last = performance.now();
    // The place passes on to whoever waits, so that nobody overtakes.
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside--;
  }
}
