import type { z } from 'zod';
import { type PinKey, pinKeySchema, type TokenModule } from '../../core/contract/token.ts';
import type { ProgramSpawner } from '../../core/ports/program-spawner.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { type CallOptions, ProgramClient } from '../../core/shared/program-client.ts';
import { CallLine } from './call-line.ts';
import { idleLockedEvent, idleLockedName, listResult } from './protocol.ts';

/** What one host process serves: a PKCS#11 module, or all soft tokens. */
export type HostTarget =
  | { readonly kind: 'pkcs11'; readonly path: string; readonly env?: Readonly<Record<string, string>> }
  | { readonly kind: 'soft'; readonly paths: readonly string[] };

export interface HostTimes {
  /** Milliseconds for a login (somebody may be typing on a PIN pad). */
  readonly loginDeadlineMs: number;
  /** Milliseconds for every other call. */
  readonly callDeadlineMs: number;
  /** Milliseconds without a signature until the host locks. */
  readonly idleLockMs: number;
  /** Milliseconds that a host has to lock before it is killed. */
  readonly lockPatienceMs: number;
}

export interface HostListener {
  /** A login ended without being asked to. */
  locked(tokenId: string, reason: string): void;
  died(reason: string): void;
  /** A list was made: these tokens were there. */
  listed(tokenIds: readonly string[]): void;
}

/** Signatures with the host at once: the one that it makes and two ready behind it. */
const SIGN_DEPTH = 3;

/**
 * The engine's side of one token host: calls go one at a time, only signatures follow each other without waiting for
 * the answer. A deadline starts when the host can begin with the call, not while it waits; a call past its deadline
 * kills the process, and the process ends when nothing is unlocked any more.
 */
export class HostConnection {
  readonly target: HostTarget;
  readonly #client: ProgramClient;
  readonly #times: HostTimes;
  readonly #listener: HostListener;
  readonly #line = new CallLine(SIGN_DEPTH);
  #unlocked: readonly string[] = [];
  #snapshot: readonly TokenModule[] | undefined;
  #listing: Promise<readonly TokenModule[]> | undefined;
  /** The list under way has outrun somebody's patience. */
  #slow = false;
  #usingLogin = 0;
  #endWhenIdle = false;
  /** The process was asked to open a token: a PIN may lie in its memory. */
  #mayKnowPin = false;
  /** The process has made a one-time key for a PIN. */
  #gaveKey = false;
  #closed = false;

  constructor(spawner: ProgramSpawner, target: HostTarget, times: HostTimes, listener: HostListener) {
    this.target = target;
    this.#times = times;
    this.#listener = listener;
    const own =
      target.kind === 'pkcs11' ? ['--module', target.path] : target.paths.flatMap((p) => ['--soft', p]);
    const args = [...own, '--idle-lock-ms', String(times.idleLockMs)];
    const env = target.kind === 'pkcs11' ? target.env : undefined;
    this.#client = new ProgramClient(spawner, 'token-host', { args, ...(env && { env }) });
    this.#client.onExit((reason) => this.#lost(reason));
    this.#client.onEvent((name, value) => {
      if (name !== idleLockedName) return;
      const event = idleLockedEvent.safeParse(value).data;
      // Of a host that does not say what it locked nothing is known: with the process every login ends.
      if (!event) this.#stop('it talks nonsense');
      this.#setUnlocked(
        event ? this.#unlocked.filter((id) => !event.tokens.includes(id)) : [],
        event ? 'idle' : 'lost',
      );
      this.endIfLocked();
    });
  }

  get pid(): number | undefined {
    return this.#client.pid;
  }

  get busy(): boolean {
    return this.#line.busy;
  }

  get unlocked(): readonly string[] {
    return this.#unlocked;
  }

  /**
   * What the host holds; the last answer while a login or a signature keeps it busy, or when it takes longer than
   * `patienceMs` (then `late` is called once it has answered). Error: `token.module-slow` where there is no last answer.
   */
  async list(patienceMs?: number, late: () => void = () => undefined): Promise<readonly TokenModule[]> {
    if (this.#usingLogin > 0 && this.#snapshot) return this.#snapshot;
    this.#listing ??= this.#listNow();
    const listing = this.#listing;
    if (patienceMs === undefined) return await listing;
    // One that was too slow already is not waited for again.
    if (!this.#slow) {
      const { promise: outOfPatience, resolve: giveUp } = Promise.withResolvers<null>();
      const timer = setTimeout(giveUp, patienceMs, null);
      const answer = await Promise.race([listing, outOfPatience]).finally(() => clearTimeout(timer));
      if (answer) return answer;
      if (this.#listing === listing) this.#slow = true;
      listing.then(late, late);
    }
    if (this.#snapshot) return this.#snapshot;
    throw new AnThuError('token.module-slow', { seconds: Math.ceil(patienceMs / 1000) });
  }

  async #listNow(): Promise<readonly TokenModule[]> {
    try {
      const modules = await this.call('list', {}, listResult);
      this.#snapshot = modules;
      // A module that could not be asked says nothing of its tokens.
      if (modules.every(({ state }) => state === 'ready'))
        this.#listener.listed(modules.flatMap(({ tokens }) => tokens.map(({ id }) => id)));
      return modules;
    } catch (thrown) {
      // What was there before the driver failed says nothing of now.
      this.#snapshot = undefined;
      throw thrown;
    } finally {
      this.#listing = undefined;
      this.#slow = false;
    }
  }

  async call<T>(
    method: string,
    params: unknown,
    result: z.ZodType<T>,
    deadline: 'login' | 'call' = 'call',
  ): Promise<T> {
    const usesLogin = method === 'unlock' || method === 'sign';
    if (usesLogin) this.#usingLogin++;
    let opened = false;
    try {
      if (method === 'sign')
        return await this.#line.runPiped((before) => this.#send(method, params, result, deadline, before));
      const answer = await this.#line.run(() => this.#send(method, params, result, deadline));
      opened = method === 'unlock';
      return answer;
    } finally {
      if (usesLogin) this.#usingLogin--;
      // Whoever asked for a login has yet to say (`update`) that it is there.
      if (this.#endWhenIdle && !opened) this.endIfLocked();
    }
  }

  /**
   * A one-time key of a host that stays: one that was to end as soon as nothing is under way ends before, for its key would open
   * nothing, and whoever typed a PIN would have to type it again.
   */
  async pinKey(uri: string): Promise<PinKey> {
    const ask = (): Promise<PinKey> => this.#send('pinKey', { uri }, pinKeySchema, 'call');
    try {
      return await this.#line.run(async () => {
        let key = await ask();
        // Nothing else is with the host now.
        while (this.#endWhenIdle && this.#unlocked.length === 0) {
          this.#stop('locked');
          key = await ask();
        }
        this.#gaveKey = true;
        return key;
      });
    } finally {
      if (this.#endWhenIdle) this.endIfLocked();
    }
  }

  /**
   * Takes over the host's word on who is logged in; logins that ended unasked are told to the listener, and a process
   * whose last login ended with its token ends too.
   */
  update(unlocked: readonly string[], reason: 'asked' | 'removed' | 'lost' | 'idle'): void {
    const wasOpen = this.#unlocked.length > 0;
    this.#setUnlocked(unlocked, reason);
    if (wasOpen && reason === 'removed') this.endIfLocked();
  }

  /** Ends the process once nothing is unlocked or under way: a PIN that was typed lives on in its memory until then. */
  endIfLocked(): void {
    this.#endWhenIdle = this.#unlocked.length === 0 && this.#line.busy;
    if (this.#unlocked.length === 0 && !this.#line.busy) this.#stop('locked');
  }

  /**
   * As {@link endIfLocked}, after a signature that failed: a host that has given a key for a PIN and known none yet is left, for
   * whoever seals the PIN would find the key gone.
   */
  endIfSpoilt(): void {
    if (!this.#gaveKey || this.#mayKnowPin) this.endIfLocked();
  }

  /** Ends the process and starts none again: what waits in line fails. */
  close(): void {
    this.#closed = true;
    this.end();
  }

  /** Kills the process, and with it every login; the next call starts a new one. */
  end(): void {
    this.#stop('closed');
    this.#setUnlocked([], 'asked');
  }

  #stop(reason: string): void {
    this.#client.stop(reason);
    this.#startOver();
  }

  /** What was so of a process that is no more. */
  #startOver(): void {
    this.#endWhenIdle = false;
    this.#mayKnowPin = false;
    this.#gaveKey = false;
  }

  async #send<T>(
    method: string,
    params: unknown,
    result: z.ZodType<T>,
    deadline: 'login' | 'call',
    startsAfter?: Promise<unknown>,
  ): Promise<T> {
    if (this.#closed) throw new AnThuError('token.driver-crashed', { reason: 'closed', operation: method });
    const deadlineMs = deadline === 'login' ? this.#times.loginDeadlineMs : this.#times.callDeadlineMs;
    if (method === 'unlock') this.#mayKnowPin = true;
    try {
      const options: CallOptions = { deadlineMs, ...(startsAfter && { startsAfter }) };
      return await this.#client.call(method, params, result, options);
    } catch (thrown) {
      throw this.#asTokenError(thrown, method, deadlineMs);
    }
  }

  #asTokenError(thrown: unknown, operation: string, deadlineMs: number): unknown {
    if (!(thrown instanceof AnThuError)) return thrown;
    if (thrown.code === 'general.program-timeout') {
      this.#lost(`no answer to ${operation}`);
      return new AnThuError('token.driver-timeout', { seconds: Math.round(deadlineMs / 1000), operation });
    }
    if (thrown.code === 'general.program-died')
      return new AnThuError('token.driver-crashed', { reason: thrown.detail['reason'] ?? '', operation });
    return thrown;
  }

  #lost(reason: string): void {
    this.#startOver();
    this.#setUnlocked([], 'lost');
    this.#listener.died(reason);
  }

  #setUnlocked(unlocked: readonly string[], reason: string): void {
    const gone = this.#unlocked.filter((id) => !unlocked.includes(id));
    this.#unlocked = unlocked;
    for (const id of gone) this.#listener.locked(id, reason);
  }
}
