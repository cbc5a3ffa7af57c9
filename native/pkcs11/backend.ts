import { setTimeout as pause } from 'node:timers/promises';
import type { Token, TokenModule } from '../../core/contract/token.ts';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import { AnThuError, toErrorValue } from '../../core/shared/errors.ts';
import type { TokenBackend, UncheckedSignature, UnlockRequest } from '../token-host/backend.ts';
import { isInForce } from '../token-host/certificate-in-force.ts';
import { assertRequestFits } from '../token-host/signature-check.ts';
import { Login } from './login.ts';
import {
  closeSession,
  describeModule,
  type Handle,
  loadModule,
  openSession,
  type Pkcs11,
  type PluggedToken,
  readSlots,
  restartModule,
  slotName,
  type SlotView,
} from './module.ts';
import { parsePkcs11Uri, type Pkcs11Uri } from './pkcs11-uri.ts';
import { assertPinLength, assertTryAllowed } from './pin-policy.ts';
import { QuickSigning } from './quick-signing.ts';
import { Rescan, type Shown } from './rescan.ts';
import type { LaneFailure } from './signing-lane.ts';
import { describeToken, type ResolvedKey, resolveKey } from './token-view.ts';
import { asksOnPinPad, tokenFlag } from './token-flags.ts';
import { tokenId, tokenMatches } from './token-identity.ts';
import { chooseCertificate, readCertificates, type TokenCertificate } from './token-objects.ts';

/** Milliseconds until a module that shows a token no more is started once more. */
const SECOND_LOOK_MS = 100;

/** Errors after which a login cannot be used any more. */
const loginEnders: ReadonlySet<string> = new Set([
  'token.login-lost',
  'token.removed',
  'token.not-present',
  'token.pin-locked',
]);

/** One PKCS#11 module and the logins on its tokens. Lives in the token host only. */
export class Pkcs11Backend implements TokenBackend {
  readonly #path: string;
  readonly #logins = new Map<string, Login>();
  readonly #rescan = new Rescan();
  readonly #signing: QuickSigning;
  #module: Pkcs11 | undefined;
  #shown: Shown = 'no-token';
  /** Ids of the tokens at the last look. */
  #present: readonly string[] = [];
  #lastUri: { readonly uri: string; readonly parsed: Pkcs11Uri } | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#signing = new QuickSigning(
      {
        loginFor: (uri) => this.#loginFor(uri),
        sign: (uri, request, failed) => this.#signHere(uri, request, failed),
      },
      async () => new (await import('./signing-lane.ts')).SigningLane(path),
    );
  }

  async prepare(): Promise<void> {
    await this.#loaded();
  }

  async list(): Promise<readonly TokenModule[]> {
    return [await this.#listModule()];
  }

  async #listModule(): Promise<TokenModule> {
    const base = { kind: 'pkcs11', path: this.#path } as const;
    try {
      const module = await this.#loaded();
      const views = readSlots(module).map((view) => this.#viewOf(module, view));
      return {
        ...base,
        state: 'ready',
        error: null,
        description: describeModule(module),
        slots: views.map(({ slot }) => slot),
        tokens: views.flatMap(({ token }) => (token ? [token] : [])),
      };
    } catch (thrown) {
      const error = toErrorValue(thrown);
      return { ...base, state: 'unusable', error, description: '', slots: [], tokens: [] };
    }
  }

  /** One slot as it is shown; a token that cannot be read leaves the others alone. */
  #viewOf(module: Pkcs11, { slot, description, token, error }: SlotView): SlotAndToken {
    const base = { slot: slotName(slot), description, tokenPresent: token !== null || error !== null };
    if (!token || !isUsable(token))
      return { slot: { ...base, error: error && toErrorValue(error) }, token: null };
    try {
      const certificates = this.#certificates(module, token);
      const unlocked = this.#logins.has(tokenId(token));
      const shown = describeToken(token, certificates, { modulePath: this.#path, unlocked });
      return { slot: { ...base, error: null }, token: shown };
    } catch (thrown) {
      return { slot: { ...base, error: toErrorValue(thrown) }, token: null };
    }
  }

  async presence(): Promise<readonly string[]> {
    const started = performance.now();
    const anew = this.#startedAnew(started);
    let views = readSlots(await this.#loaded());
    if (anew && this.#lacksSome(views)) {
      // A module of software reads files, which another program may be writing at this moment: looked at twice.
      await pause(SECOND_LOOK_MS);
      this.#restart();
      views = readSlots(await this.#loaded());
    }
    const ids = tokensIn(views).map(tokenId);
    const hasHardware = views.some(({ hardware }) => hardware);
    this.#shown = ids.length === 0 ? 'no-token' : hasHardware ? 'tokens' : 'software-tokens';
    this.#present = ids;
    if (anew) this.#rescan.done(started, performance.now());
    for (const [id, login] of this.#logins)
      if (!ids.includes(id)) {
        this.#logins.delete(id);
        login.end();
      }
    return ids;
  }

  /** Starts the module again where it shows no token, or is software: many see what is new only then. */
  #startedAnew(now: number): boolean {
    if (!this.#module || this.#logins.size > 0 || !this.#rescan.due(this.#shown, now)) return false;
    this.#restart();
    return true;
  }

  /** One that does not start again is loaded anew by the next call, which says what is wrong. */
  #restart(): void {
    const module = this.#module;
    if (!module) return;
    this.#module = undefined;
    restartModule(module);
    this.#module = module;
  }

  #lacksSome(views: readonly SlotView[]): boolean {
    const ids = new Set(tokensIn(views).map(tokenId));
    return this.#present.some((id) => !ids.has(id));
  }

  async identify(uri: string): Promise<string> {
    return tokenId(await this.#find(uri));
  }

  async unlock({ uri, openPin, lastTry, failedTries, ...meant }: UnlockRequest): Promise<string> {
    const module = await this.#loaded();
    const wanted = parsePkcs11Uri(uri);
    const token = await this.#find(uri);
    const id = tokenId(token);
    if (meant.token !== null && meant.token !== id)
      throw new AnThuError('token.not-present', { uri, token: meant.token });
    assertTryAllowed(token, { lastTry, failedTries });
    if (!openPin && !asksOnPinPad(token.flags)) throw new AnThuError('token.pin-required', { token: id });
    const pin = openPin?.();
    if (pin !== undefined) assertPinLength(token, pin);
    this.#end(id);
    try {
      // A URI of the token alone opens it, so that certificates that hide until then can be seen and chosen.
      const namesKey = wanted.id !== undefined || wanted.object !== undefined;
      let seen: readonly TokenCertificate[] = [];
      const certificateOf = (session: Handle): TokenCertificate | undefined => {
        if (!namesKey) return undefined;
        seen = readCertificates(module, session);
        return chooseCertificate(seen, wanted);
      };
      const locate = (): Handle => this.#slotOf(module, id);
      const login = Login.start({ module, token, locate, certificateOf, pin });
      this.#logins.set(id, login);
      if (namesKey) this.#remember(login, seen, uri);
      return id;
    } catch (thrown) {
      throw withDetail(thrown, { token: id, pinSeen: 'yes' });
    }
  }

  /** The key that was opened is the one asked for next: its certificates are not read again. */
  #remember(login: Login, certificates: readonly TokenCertificate[], uri: string): void {
    try {
      login.resolved.set(uri, resolveKey(certificates, login.token, uri, this.#path));
    } catch {
      // a key that we cannot sign with: told when it is asked for
    }
  }

  async lock(uri: string | null): Promise<void> {
    if (uri === null) for (const id of this.unlocked()) this.#end(id);
    else {
      const wanted = parsePkcs11Uri(uri);
      for (const [id, { token }] of this.#logins) if (tokenMatches(token, wanted)) this.#end(id);
    }
  }

  unlocked(): readonly string[] {
    return [...this.#logins.keys()];
  }

  async describe(uri: string): Promise<KeyDescription> {
    return (await this.#resolve(uri)).key;
  }

  /** Several may be asked for at once. */
  sign(uri: string, request: SignRequest): Promise<UncheckedSignature> {
    return this.#signing.sign(uri, request);
  }

  /** Asks the token for nothing but the signature: on a card every question costs 40 ms and more. */
  async #signHere(uri: string, request: SignRequest, failed?: LaneFailure): Promise<UncheckedSignature> {
    const found = this.#loginFor(uri);
    if (!found) throw new AnThuError('token.not-unlocked', { token: tokenId(await this.#find(uri)) });
    const [id, login] = found;
    const { key, certificate } = await this.#resolve(uri, login);
    assertRequestFits(key, request);
    try {
      return { signature: await login.sign(key, certificate, request, failed), key, token: id };
    } catch (thrown) {
      if (thrown instanceof AnThuError && loginEnders.has(thrown.code)) this.#end(id);
      throw withDetail(thrown, { token: id });
    }
  }

  /** The login that is meant, with the id of its token. */
  #loginFor(uri: string): readonly [string, Login] | undefined {
    const wanted = this.#parsed(uri);
    const [login, ...others] = [...this.#logins].filter(([, { token }]) => tokenMatches(token, wanted));
    if (others.length > 0) throw new AnThuError('token.ambiguous', { count: others.length + 1 });
    return login;
  }

  /** In a batch every request names the same key, and reading the name would take longer than anything else here. */
  #parsed(uri: string): Pkcs11Uri {
    if (this.#lastUri?.uri !== uri) this.#lastUri = { uri, parsed: parsePkcs11Uri(uri) };
    return this.#lastUri.parsed;
  }

  #end(id: string): void {
    this.#logins.get(id)?.end();
    this.#logins.delete(id);
  }

  async #loaded(): Promise<Pkcs11> {
    this.#module ??= await loadModule(this.#path);
    return this.#module;
  }

  async #tokens(): Promise<PluggedToken[]> {
    return tokensIn(readSlots(await this.#loaded()));
  }

  async #find(uri: string): Promise<PluggedToken> {
    const wanted = parsePkcs11Uri(uri);
    const [token, ...others] = (await this.#tokens()).filter((candidate) => tokenMatches(candidate, wanted));
    if (!token) {
      this.#forgetMissing(wanted);
      throw new AnThuError('token.not-present', { uri });
    }
    if (others.length > 0) throw new AnThuError('token.ambiguous', { count: others.length + 1 });
    return token;
  }

  /** A token that is asked for and not there has lost its login, whatever the driver believes. */
  #forgetMissing(wanted: Pkcs11Uri): void {
    for (const [id, { token }] of this.#logins) if (tokenMatches(token, wanted)) this.#end(id);
  }

  async #resolve(uri: string, loggedIn?: Login): Promise<ResolvedKey> {
    const token = loggedIn?.token ?? (await this.#find(uri));
    const login = loggedIn ?? this.#logins.get(tokenId(token));
    const known = login?.resolved.get(uri);
    // One that ended while the token was open may have been renewed.
    if (known && isInForce(known.life, new Date())) return known;
    const resolved = resolveKey(this.#certificates(await this.#loaded(), token), token, uri, this.#path);
    login?.resolved.set(uri, resolved);
    return resolved;
  }

  #certificates(module: Pkcs11, token: PluggedToken): TokenCertificate[] {
    const id = tokenId(token);
    try {
      const login = this.#logins.get(id);
      if (login) return login.certificates();
    } catch (thrown) {
      // Pulled and put back since: the login is over, its certificates are there for everyone again.
      if (!(thrown instanceof AnThuError) || !loginEnders.has(thrown.code)) throw thrown;
      this.#end(id);
    }
    const session = openSession(module, token.slot);
    try {
      return readCertificates(module, session);
    } finally {
      closeSession(module, session);
    }
  }

  /** The slot of a token that was found before, by its identity. */
  #slotOf(module: Pkcs11, id: string): Handle {
    const [token, ...others] = readSlots(module).flatMap((view) =>
      view.token && tokenId(view.token) === id ? [view.token] : [],
    );
    if (!token) throw new AnThuError('token.removed', { token: id });
    if (others.length > 0) throw new AnThuError('token.ambiguous', { count: others.length + 1 });
    return token.slot;
  }
}

interface SlotAndToken {
  readonly slot: TokenModule['slots'][number];
  readonly token: Token | null;
}

const tokensIn = (views: readonly SlotView[]): PluggedToken[] =>
  views.flatMap(({ token }) => (token && isUsable(token) ? [token] : []));

/** A slot may hold a token that nobody has set up (SoftHSM always shows one). */
const isUsable = (token: PluggedToken): boolean => (token.flags & tokenFlag.tokenInitialized) !== 0;

function withDetail(thrown: unknown, detail: Readonly<Record<string, string>>): unknown {
  if (!(thrown instanceof AnThuError)) return thrown;
  return new AnThuError(thrown.code, { ...thrown.detail, ...detail }, { cause: thrown.cause });
}
