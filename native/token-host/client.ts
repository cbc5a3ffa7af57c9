import { resolve } from 'node:path';
import { type PinKey, type SealedPin, type TokenEvent, type TokenModule } from '../../core/contract/token.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import type { SigningKey, SignRequest } from '../../core/ports/signing-key.ts';
import type { ListOptions, TokenService, UnlockOptions } from '../../core/ports/token-service.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { parsePkcs11Uri } from '../pkcs11/pkcs11-uri.ts';
import { softTokenPath } from '../soft-token/soft-uri.ts';
import { hostIsGone, mayHaveChangedLogins, unusable } from './failures.ts';
import { HostConnection, type HostTarget, type HostTimes } from './host-connection.ts';
import { PlugWatch } from './plug-watch.ts';
import { identifyResult, keyResult, signResult, unlockedResult, unlockResult } from './protocol.ts';
import { mayMeanOneToken, tokenNamedBy } from './named-token.ts';
import { type OpenTry, triesToShow, type TryCountStore } from './try-counts.ts';
import { countsInMemory } from './try-ledger.ts';
import { outcomeOf, settleAnew, withTries } from './try-outcome.ts';

export interface TokenServiceOptions {
  readonly spawner: ProgramSpawner;
  readonly modules: readonly { readonly path: string; readonly env?: Readonly<Record<string, string>> }[];
  readonly softTokens: readonly { readonly path: string }[];
  /**
   * Which libraries and files a key URI may name: only those configured (the default; modules are added by an
   * administrator), or any (the command line's `--key`, where the caller could run the library anyway).
   */
  readonly allow?: 'configured' | 'as-the-uri-says';
  readonly times?: Partial<HostTimes>;
  /** Milliseconds between two looks for tokens while watched. */
  readonly pollMs?: number;
  /** Where wrong PINs are counted; without it they are forgotten with the program. */
  readonly tryCounts?: TryCountStore;
}

const defaultTimes: HostTimes = {
  loginDeadlineMs: 120_000,
  callDeadlineMs: 30_000,
  idleLockMs: 300_000,
  lockPatienceMs: 2_000,
};

/** A module that has not answered when another one has the key is passed over after this long. */
const stragglerMs = 2_000;

/** The token service over token host processes, one for each PKCS#11 module and one for all soft tokens. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  return new TokenHosts(options);
}

interface AskedLogin {
  readonly uri: string;
  /** Somebody asked to lock since. */
  calledOff: boolean;
}

class TokenHosts implements TokenService {
  readonly #options: TokenServiceOptions;
  readonly #times: HostTimes;
  readonly #modules = new Map<string, HostConnection>();
  readonly #soft = new Map<string, HostConnection>();
  readonly #tries: TryCountStore;
  /** Files never lock: their wrong passwords are counted to be shown, and nowhere written down. */
  readonly #softTries = countsInMemory();
  readonly #listeners = new Set<(event: TokenEvent) => void>();
  readonly #watches = new Map<HostConnection, PlugWatch>();
  #watchers = 0;
  /** Logins that were asked for and may still be called off. */
  readonly #asked = new Set<AskedLogin>();

  constructor(options: TokenServiceOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
    this.#tries = options.tryCounts ?? countsInMemory();
    for (const { path, env } of options.modules)
      this.#modules.set(
        resolve(path),
        this.#connect({ kind: 'pkcs11', path: resolve(path), ...(env && { env }) }),
      );
    const paths = options.softTokens.map(({ path }) => resolve(path));
    if (paths.length === 0) return;
    const connection = this.#connect({ kind: 'soft', paths });
    for (const path of paths) this.#soft.set(path, connection);
  }

  async list(options: ListOptions = {}): Promise<readonly TokenModule[]> {
    const lists = await Promise.all(
      this.#connections().map((connection) => this.#listOf(connection, options.patienceMs)),
    );
    const [tries, softTries] = await Promise.all([triesToShow(this.#tries), triesToShow(this.#softTries)]);
    return lists.flat().map((module) => withTries(module, module.kind === 'soft' ? softTries : tries));
  }

  async pinKey(keyUri: string): Promise<PinKey> {
    const connection = await this.#connectionFor(keyUri);
    return await connection.pinKey(keyUri);
  }

  async unlock(keyUri: string, sealedPin: SealedPin | null, options: UnlockOptions = {}): Promise<void> {
    const asked: AskedLogin = { uri: keyUri, calledOff: false };
    this.#asked.add(asked);
    try {
      await this.#unlock(asked, sealedPin, options);
    } finally {
      this.#asked.delete(asked);
    }
  }

  async #unlock(asked: AskedLogin, sealedPin: SealedPin | null, options: UnlockOptions): Promise<void> {
    const { uri } = asked;
    const connection = await this.#connectionFor(uri);
    let openTry: OpenTry | undefined;
    try {
      const named = await this.#tokenToOpen(connection, uri);
      if (named !== undefined) openTry = await this.#tries.begin(named);
      // It was locked meanwhile: what is opened now would stay open behind it.
      if (asked.calledOff) throw new AnThuError('token.canceled', { operation: 'C_Login' });
      const params = {
        uri,
        sealedPin,
        lastTry: options.lastTry ?? 'refuse',
        // The PIN goes to the token under whose name the try stands, and to no other that was put in its place.
        token: named ?? null,
        // What stood there when ours was written down, not before: another program may be trying too.
        failedTries: openTry?.before ?? 0,
      };
      const { token, unlocked } = await connection.call('unlock', params, unlockResult, 'login');
      connection.update(unlocked, 'asked');
      if (openTry) await openTry.settle('right');
      else await settleAnew(this.#softTries, token, 'right');
      this.#emit(connection, 'unlocked', token, '');
    } catch (thrown) {
      // The host that has seen a PIN ends even where the disk is slow to take the count.
      const [counted] = await Promise.all([
        this.#countFailure(connection, openTry, thrown),
        this.#afterFailure(connection, thrown, 'login'),
      ]);
      throw counted;
    }
  }

  async lock(keyUri?: string): Promise<void> {
    for (const asked of this.#asked)
      if (keyUri === undefined || mayMeanOneToken(keyUri, asked.uri)) asked.calledOff = true;
    if (keyUri !== undefined) return await this.#lockOne(await this.#connectionFor(keyUri), keyUri);
    await Promise.all(
      this.#connections()
        .filter((connection) => connection.unlocked.length > 0 || connection.busy)
        .map((connection) => this.#lockOne(connection, null)),
    );
  }

  async key(keyUri: string): Promise<SigningKey> {
    const connection = await this.#connectionFor(keyUri);
    const key = await connection.call('key', { uri: keyUri }, keyResult);
    return {
      ...key,
      certificate: Uint8Array.from(Buffer.from(key.certificate, 'base64')),
      chain: key.chain.map((der) => Uint8Array.from(Buffer.from(der, 'base64'))),
      sign: (request) => this.#sign(connection, keyUri, request),
    };
  }

  watch(): () => void {
    this.#watchers++;
    for (const connection of this.#connections()) this.#watchOne(connection);
    let stopped = false;
    return () => {
      if (stopped) return;
      stopped = true;
      this.#watchers--;
      if (this.#watchers === 0) this.#stopWatches();
    };
  }

  lookAnew(): void {
    for (const connection of this.#connections()) connection.endIfLocked();
  }

  onEvent(listener: (event: TokenEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stopWatches();
    for (const connection of this.#connections()) connection.close();
  }

  async #sign(connection: HostConnection, uri: string, request: SignRequest): Promise<Uint8Array> {
    const params = { ...request, uri, digest: Buffer.from(request.digest).toString('base64') };
    try {
      const { signature } = await connection.call('sign', params, signResult);
      return Uint8Array.from(Buffer.from(signature, 'base64'));
    } catch (thrown) {
      // A key that wants the PIN with every signature may have been given a wrong one.
      if (thrown instanceof AnThuError && thrown.detail['trySpent'] !== undefined)
        await this.#countFailure(connection, undefined, thrown);
      await this.#afterFailure(connection, thrown, 'signature');
      throw thrown;
    }
  }

  /** A host that does not lock at once is killed: that locks it too. */
  async #lockOne(connection: HostConnection, uri: string | null): Promise<void> {
    const impatience = setTimeout(() => connection.end(), this.#times.lockPatienceMs);
    try {
      const { unlocked } = await connection.call('lock', { uri }, unlockedResult);
      connection.update(unlocked, 'asked');
    } catch (thrown) {
      // A host that died instead of locking is locked all the same.
      if (!hostIsGone(thrown)) throw thrown;
    } finally {
      clearTimeout(impatience);
    }
    connection.endIfLocked();
  }

  async #listOf(connection: HostConnection, patienceMs?: number): Promise<TokenModule[]> {
    const modules = await connection
      .list(patienceMs, () => this.#emit(connection, 'answered', null, ''))
      .catch((thrown: unknown) => unusable(connection.target, thrown));
    return modules.map((module) => ({
      ...module,
      tokens: module.tokens.map((token) => ({
        ...token,
        unlocked: connection.unlocked.includes(token.id),
      })),
    }));
  }

  /** After an error the host says which logins are left; one that holds none, but may have seen a PIN, ends. */
  async #afterFailure(connection: HostConnection, thrown: unknown, of: 'login' | 'signature'): Promise<void> {
    if (!mayHaveChangedLogins(thrown)) return;
    const left = await connection.call('unlocked', {}, unlockedResult).catch(() => ({ unlocked: [] }));
    connection.update(left.unlocked, 'lost');
    if (of === 'login') connection.endIfLocked();
    else connection.endIfSpoilt();
  }

  /** Id of the token that is about to be given a PIN; undefined for files, which never lock. */
  async #tokenToOpen(connection: HostConnection, keyUri: string): Promise<string | undefined> {
    if (connection.target.kind === 'soft') return undefined;
    const named = tokenNamedBy(keyUri);
    if (named !== undefined) return named;
    return (await connection.call('identify', { uri: keyUri }, identifyResult)).token;
  }

  /** Takes a failed login into our own count: the token's may be wrong, or not told. */
  async #countFailure(
    connection: HostConnection,
    openTry: OpenTry | undefined,
    thrown: unknown,
  ): Promise<unknown> {
    const known = thrown instanceof AnThuError ? thrown : undefined;
    const outcome = outcomeOf(known);
    const token = String(known?.detail['token'] ?? '');
    const store = connection.target.kind === 'soft' ? this.#softTries : this.#tries;
    const count =
      openTry || token === ''
        ? await openTry?.settle(outcome)
        : outcome === 'none'
          ? undefined
          : await settleAnew(store, token, outcome).catch(() => undefined);
    if (known?.code !== 'token.pin-incorrect' || !count) return thrown;
    return new AnThuError(known.code, { ...known.detail, failedTries: count.wrong });
  }

  async #connectionFor(keyUri: string): Promise<HostConnection> {
    if (!keyUri.startsWith('pkcs11:')) return this.#softConnection(softTokenPath(keyUri));
    const { modulePath } = parsePkcs11Uri(keyUri);
    if (modulePath !== undefined) return this.#moduleConnection(resolve(modulePath));
    const [only, ...more] = this.#modules.values();
    if (only && more.length === 0) return only;
    return await this.#moduleThatHas(keyUri);
  }

  #moduleConnection(path: string): HostConnection {
    const known = this.#modules.get(path);
    if (known) return known;
    this.#assertAllowed(path);
    const connection = this.#connect({ kind: 'pkcs11', path });
    this.#modules.set(path, connection);
    return connection;
  }

  #softConnection(path: string): HostConnection {
    const known = this.#soft.get(path);
    if (known) return known;
    this.#assertAllowed(path);
    const connection = this.#connect({ kind: 'soft', paths: [path] });
    this.#soft.set(path, connection);
    return connection;
  }

  #assertAllowed(path: string): void {
    if (this.#options.allow !== 'as-the-uri-says')
      throw new AnThuError('token.module-not-configured', { path });
  }

  /**
   * The module among several whose tokens hold the key, by asking each. A module that fails is passed over, and so is
   * one that hangs while another has the key.
   */
  async #moduleThatHas(keyUri: string): Promise<HostConnection> {
    const found: HostConnection[] = [];
    const asked = [...this.#modules.values()].map(async (connection) => {
      try {
        await connection.call('key', { uri: keyUri }, keyResult);
        found.push(connection);
      } catch {
        // it has not the key, or cannot say so
      }
    });
    const all = Promise.all(asked);
    const firstFound = Promise.race(
      asked.map(async (one) => {
        await one;
        if (found.length === 0) await all;
      }),
    );
    await firstFound;
    const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
    const timer = setTimeout(giveUp, stragglerMs);
    await Promise.race([all, late]);
    clearTimeout(timer);
    const [first, ...more] = found;
    if (!first) throw new AnThuError('token.not-present', { uri: keyUri });
    if (more.length > 0) throw new AnThuError('token.ambiguous', { count: more.length + 1 });
    return first;
  }

  #connect(target: HostTarget): HostConnection {
    const connection: HostConnection = new HostConnection(this.#options.spawner, target, this.#times, {
      locked: (tokenId, reason) => this.#emit(connection, 'locked', tokenId, reason),
      died: (reason) => this.#emit(connection, 'died', null, reason),
      listed: (tokenIds) => this.#watches.get(connection)?.seen(tokenIds),
    });
    if (this.#watchers > 0) this.#watchOne(connection);
    return connection;
  }

  #watchOne(connection: HostConnection): void {
    // A file is not plugged in; its host need not run for the sake of looking.
    if (connection.target.kind === 'soft' || this.#watches.has(connection)) return;
    const watch = new PlugWatch(connection, this.#options.pollMs ?? 500, (kind, tokenId) =>
      this.#emit(connection, kind, tokenId, ''),
    );
    this.#watches.set(connection, watch);
  }

  #stopWatches(): void {
    for (const watch of this.#watches.values()) watch.stop();
    this.#watches.clear();
  }

  #connections(): HostConnection[] {
    return [...new Set([...this.#modules.values(), ...this.#soft.values()])];
  }

  #emit(connection: HostConnection, kind: TokenEvent['kind'], tokenId: string | null, reason: string): void {
    const { target } = connection;
    const path = target.kind === 'pkcs11' ? target.path : tokenId ? softTokenPath(tokenId) : '';
    for (const listener of this.#listeners) listener({ kind, path, tokenId, reason });
  }
}
