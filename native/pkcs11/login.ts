import { setTimeout as pause } from 'node:timers/promises';
import pkcs11js from 'pkcs11js';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { ckrName, endsSession, tokenError } from './ckr.ts';
import { mechanismFor, signatureInput, signatureOutput } from './mechanisms.ts';
import { call, closeSession, type Handle, openSession, type Pkcs11, type PluggedToken } from './module.ts';
import { SIGNATURE_BYTES } from './sign-ring.ts';
import type { LaneFailure, LaneKey } from './signing-lane.ts';
import type { ResolvedKey } from './token-view.ts';
import { asksOnPinPad } from './token-flags.ts';
import {
  findPrivateKey,
  hasAlwaysAuthenticateKey,
  type PrivateKey,
  readCertificates,
  type TokenCertificate,
} from './token-objects.ts';

/** Session states in which the user is logged in (CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS). */
const userStates = new Set([1, 3]);

/** pkcs11js takes no absent PIN: a module with a PIN pad gets one of no length (only where `asksOnPinPad` says so). */
const NO_PIN = '';

export interface LoginOptions {
  readonly module: Pkcs11;
  readonly token: PluggedToken;
  /** The slot in which the token sits now; throws when it is gone. Drivers number slots anew. */
  readonly locate: () => Handle;
  /** The certificate of the key that is named; undefined when none is. */
  readonly certificateOf: (session: Handle) => TokenCertificate | undefined;
  readonly pin: string | undefined;
}

/** A token with its user logged in: one session, many signatures, until {@link Login.end}. */
export class Login {
  readonly token: PluggedToken;
  /** Keys already looked up, by the URI that was asked for. */
  readonly resolved = new Map<string, ResolvedKey>();
  readonly #module: Pkcs11;
  readonly #locate: () => Handle;
  readonly #keys = new Map<string, PrivateKey>();
  #session: Handle;
  /** Kept only while a key of the token asks for it with every signature (CKA_ALWAYS_AUTHENTICATE). */
  #pin: string | undefined;

  private constructor(module: Pkcs11, token: PluggedToken, locate: () => Handle, session: Handle) {
    this.#module = module;
    this.token = token;
    this.#locate = locate;
    this.#session = session;
  }

  /**
   * Sends the PIN exactly once, whatever comes back; undefined where it is typed on the reader. Looks the key up at
   * once when one is named.
   */
  static start(options: LoginOptions): Login {
    const { module, token, pin } = options;
    const session = openSession(module, token.slot);
    try {
      logIn(module, session, pin);
      const login = new Login(module, token, options.locate, session);
      const certificate = options.certificateOf(session);
      const wantsPinAgain = certificate
        ? login.#key(certificate).alwaysAuthenticate
        : hasAlwaysAuthenticateKey(module, session);
      if (wantsPinAgain) login.#pin = pin;
      return login;
    } catch (thrown) {
      logOut(module, session);
      closeSession(module, session);
      throw tokenError(thrown, 'C_Login');
    }
  }

  /** The certificates that the login may see; some tokens hide them from everyone else. */
  certificates(): TokenCertificate[] {
    return readCertificates(this.#module, this.#session);
  }

  /** The session of now; it changes when a failed one is replaced. */
  get session(): Handle {
    return this.#session;
  }

  end(): void {
    this.#pin = undefined;
    this.#keys.clear();
    logOut(this.#module, this.#session);
    closeSession(this.#module, this.#session);
  }

  /**
   * One signature. A stale session found before anything was signed is opened again and the key looked up again;
   * a failure of C_Sign itself is an error, never a second try. `token.login-lost` means that the login is over. Nothing
   * else goes on in this thread meanwhile: whoever asked watches the time, and the way to another thread and back is spared.
   * `failed` is what the signing lane met when it made this very signature: then it goes on from there.
   */
  async sign(
    key: KeyDescription,
    certificate: TokenCertificate,
    request: SignRequest,
    failed?: LaneFailure,
  ): Promise<Uint8Array> {
    if (failed?.operation !== 'C_Sign') this.#begin(certificate, request, failed?.thrown);
    try {
      if (failed?.operation === 'C_Sign') throw failed.thrown;
      const input = signatureInput(key, request);
      const output = this.#module.C_Sign(this.#session, input, Buffer.alloc(SIGNATURE_BYTES));
      return signatureOutput(request.scheme, output);
    } catch (thrown) {
      if (mayBeRemoval.has(ckrName(thrown) ?? '')) await pause(removalNoticedMs);
      this.#replaceSession();
      throw tokenError(thrown, 'C_Sign', request.scheme);
    }
  }

  /** The session with the key looked up in it, as another thread needs them; undefined where that key wants more than a call. */
  laneKey(certificate: TokenCertificate, request: SignRequest): LaneKey | undefined {
    const key = this.#keys.get(nameOf(certificate));
    if (!key || key.alwaysAuthenticate) return undefined;
    return { session: this.#session, key: key.handle, mechanism: mechanismFor(request) };
  }

  #begin(certificate: TokenCertificate, request: SignRequest, failed?: Error): void {
    try {
      if (failed) throw failed;
      this.#signInit(certificate, request);
    } catch (thrown) {
      const stale = endsSession(thrown) && ckrName(thrown) !== 'CKR_DEVICE_REMOVED';
      this.#replaceSession();
      if (!stale) throw tokenError(thrown, 'C_SignInit', request.scheme);
      call('C_SignInit', () => this.#signInit(certificate, request));
    }
  }

  #signInit(certificate: TokenCertificate, request: SignRequest): void {
    const key = this.#key(certificate);
    if (key.alwaysAuthenticate && this.#pin === undefined && !asksOnPinPad(this.token.flags))
      throw new AnThuError('token.pin-required');
    this.#module.C_SignInit(this.#session, mechanismFor(request), key.handle);
    if (!key.alwaysAuthenticate) return;
    try {
      this.#module.C_Login(this.#session, pkcs11js.CKU_CONTEXT_SPECIFIC, this.#pin ?? NO_PIN);
    } catch (thrown) {
      // The PIN that opened the token is refused now: it must not be sent a third time.
      this.#pin = undefined;
      const { trySpent } = tokenError(thrown, 'C_Login').detail;
      throw new AnThuError('token.login-lost', { ckr: ckrName(thrown), trySpent }, { cause: thrown });
    }
  }

  #key(certificate: TokenCertificate): PrivateKey {
    const name = nameOf(certificate);
    const known = this.#keys.get(name);
    if (known) return known;
    const key = findPrivateKey(this.#module, this.#session, certificate);
    this.#keys.set(name, key);
    return key;
  }

  /**
   * A new session (opened before the old one closes, for the login ends with the last session) drops whatever
   * operation was left active. Throws `token.login-lost` when the token no longer knows us.
   */
  #replaceSession(): void {
    this.#keys.clear();
    let next: Handle;
    try {
      next = openSession(this.#module, this.#locate());
    } catch (cause) {
      throw removedOr(cause, 'token.login-lost');
    }
    closeSession(this.#module, this.#session);
    this.#session = next;
    const { state } = call('C_GetSessionInfo', () => this.#module.C_GetSessionInfo(next));
    if (!userStates.has(state)) throw new AnThuError('token.login-lost', { operation: 'C_GetSessionInfo' });
  }
}

const nameOf = ({ id, label }: TokenCertificate): string => `${id}/${label}`;

/** What modules say of a card that was pulled out while it signed, before they know it themselves. */
const mayBeRemoval: ReadonlySet<string> = new Set([
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
  'CKR_DEVICE_ERROR',
]);

/**
 * Milliseconds until a smart card service has told its modules that a card is gone (pcscd looks every 400 ms). A module asked
 * for the session earlier may hang: OpenSC does, in C_GetSessionInfo (seen with tests/virtual-card).
 */
const removalNoticedMs = 700;

function removedOr(cause: unknown, code: 'token.login-lost'): AnThuError {
  const error = tokenError(cause, 'C_OpenSession');
  return error.code === 'token.removed' || error.code === 'token.not-present'
    ? new AnThuError('token.removed', error.detail, { cause })
    : new AnThuError(code, error.detail, { cause });
}

/**
 * One C_Login, never two. A login of this process that was left over (the PIN would not be looked at) is ended before,
 * and a driver that says CKR_USER_ALREADY_LOGGED_IN all the same gets no second PIN.
 */
function logIn(module: Pkcs11, session: Handle, pin: string | undefined): void {
  const { state } = call('C_GetSessionInfo', () => module.C_GetSessionInfo(session));
  if (userStates.has(state)) logOut(module, session);
  module.C_Login(session, pkcs11js.CKU_USER, pin ?? NO_PIN);
}

function logOut(module: Pkcs11, session: Handle): void {
  try {
    module.C_Logout(session);
  } catch {
    // not logged in, or the token is gone: both are what was wanted
  }
}
