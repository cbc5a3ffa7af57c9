import { pathOfKey } from '../../contract/same-key.ts';
import type { TokenSessions } from '../../contract/sealing.ts';
import type { TokenModule } from '../../contract/token.ts';
import type { SigningKey } from '../../ports/signing-key.ts';
import type { TokenService } from '../../ports/token-service.ts';
import { mayMeanOneToken } from '../../../native/token-host/named-token.ts';
import type { Clock } from '../../shared/clock.ts';
import { AnThuError, toErrorValue } from '../../shared/errors.ts';

interface Session {
  busy: number;
  /** Of the engine's clock. */
  lastUse: Date | null;
}

type Trouble = TokenSessions['troubles'][number];

/** Errors that are the driver's own doing. */
const driverFaults: ReadonlySet<string> = new Set(['token.driver-crashed', 'token.driver-timeout']);
/** A death that is told twice (as an error of the call and as an event) is one. */
const SAME_DEATH_MS = 2_000;

/** Remembers, for the window, which keys are in use, when they lock by themselves, and which drivers failed. */
export class TokenActivity {
  readonly #clock: Clock;
  readonly #idleLockMs: number;
  readonly #sessions = new Map<string, Session>();
  readonly #troubles = new Map<string, Trouble>();

  constructor(clock: Clock, idleLockMs: number) {
    this.#clock = clock;
    this.#idleLockMs = idleLockMs;
  }

  view(): TokenSessions {
    return {
      sessions: [...this.#sessions].map(([keyUri, { busy, lastUse }]) => ({
        keyUri,
        busy: busy > 0,
        idleLockAt: lastUse && new Date(lastUse.getTime() + this.#idleLockMs).toISOString(),
      })),
      troubles: [...this.#troubles.values()],
    };
  }

  /** The same service, watched. */
  watching(service: TokenService): TokenService {
    service.onEvent(({ kind, path, tokenId, reason }) => {
      if (kind === 'unlocked' || kind === 'plugged') this.#troubles.delete(path);
      if (kind === 'locked' || kind === 'died') this.#forgetLogins(path, tokenId);
      if (kind === 'died') this.#died(path, reason);
    });
    return {
      list: async (...options) => {
        const modules = await service.list(...options);
        for (const module of modules) this.#noteModule(module);
        return modules;
      },
      pinKey: (keyUri) => this.#noting(keyUri, () => service.pinKey(keyUri)),
      unlock: (keyUri, sealedPin, options) =>
        this.#using(keyUri, () => service.unlock(keyUri, sealedPin, options)),
      lock: (keyUri) => service.lock(keyUri),
      key: async (keyUri) => {
        const key = await this.#noting(keyUri, () => service.key(keyUri));
        const watched: SigningKey = {
          ...key,
          sign: (request) => this.#using(keyUri, () => key.sign(request)),
        };
        return watched;
      },
      watch: () => service.watch(),
      lookAnew: () => service.lookAnew(),
      onEvent: (listener) => service.onEvent(listener),
      close: () => service.close(),
    };
  }

  async #using<T>(keyUri: string, work: () => Promise<T>): Promise<T> {
    const session = this.#sessions.get(keyUri) ?? { busy: 0, lastUse: null };
    this.#sessions.set(keyUri, session);
    session.busy++;
    try {
      const value = await this.#noting(keyUri, work);
      session.lastUse = this.#clock.now();
      return value;
    } finally {
      session.busy--;
    }
  }

  async #noting<T>(keyUri: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof AnThuError && driverFaults.has(thrown.code))
        this.#note(pathOfKey(keyUri), thrown);
      throw thrown;
    }
  }

  #noteModule({ path, error }: TokenModule): void {
    if (error && driverFaults.has(error.code))
      this.#troubles.set(path, { path, at: this.#clock.now().toISOString(), error });
  }

  #note(path: string, error: AnThuError): void {
    this.#troubles.set(path, { path, at: this.#clock.now().toISOString(), error: toErrorValue(error) });
  }

  #died(path: string, reason: string): void {
    const known = this.#troubles.get(path);
    if (known && this.#clock.now().getTime() - Date.parse(known.at) < SAME_DEATH_MS) return;
    this.#note(path, new AnThuError('token.driver-crashed', { reason, operation: '' }));
  }

  /** Of one token, or of all of a library that died. */
  #forgetLogins(path: string, tokenId: string | null): void {
    for (const [keyUri, session] of this.#sessions)
      if (pathOfKey(keyUri) === path && (tokenId === null || mayMeanOneToken(keyUri, tokenId)))
        session.lastUse = null;
  }
}
