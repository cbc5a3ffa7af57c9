import { z } from 'zod';
import { errorValueSchema } from '../contract/errors/index.ts';
import type { ProgramHandle, ProgramName, ProgramSpawner, SpawnOptions } from '../ports/program-spawner.ts';
import { AnThuError, asAnThuError, fromErrorValue } from './errors.ts';
import { gathered } from './gathered.ts';

/** Everything but results, which come by the thousand and are looked at by hand. */
const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('error'), id: z.number(), error: errorValueSchema }),
  z.object({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
]);

interface ResultMessage {
  readonly kind: 'result';
  readonly id: number;
  readonly value?: unknown;
}

function isResult(message: unknown): message is ResultMessage {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id } = message as Partial<Record<'kind' | 'id', unknown>>;
  return kind === 'result' && typeof id === 'number';
}

interface ProgramCall {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AnThuError) => void;
  /** Unset while the deadline has not begun. */
  timer: NodeJS.Timeout | undefined;
}

export interface CallOptions {
  /** Milliseconds until the program is killed and the call fails with `general.program-timeout`. */
  readonly deadlineMs: number;
  /** The deadline begins when this settles (an earlier call that the program answers first), not when the call is sent. */
  readonly startsAfter?: Promise<unknown>;
}

/**
 * Typed calls into a helper program. The program starts at the first call, is killed when a call passes its
 * deadline, restarts at the next call, and ends by itself after `idleMs` without work.
 */
export class ProgramClient {
  readonly #spawner: ProgramSpawner;
  readonly #name: ProgramName;
  readonly #options: SpawnOptions;
  readonly #idleMs: number | undefined;
  readonly #pending = new Map<number, PendingCall>();
  readonly #eventListeners = new Set<(name: string, value: unknown) => void>();
  readonly #exitListeners = new Set<(reason: string) => void>();
  #handle: ProgramHandle | undefined;
  /** Posts to this very program what is asked of it at one moment. */
  #postGathered: (message: ProgramCall) => void = () => undefined;
  #nextId = 1;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(spawner: ProgramSpawner, name: ProgramName, options: SpawnOptions & { idleMs?: number } = {}) {
    this.#spawner = spawner;
    this.#name = name;
    this.#idleMs = options.idleMs;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#handle?.pid;
  }

  /** Calls `method` and parses the answer. Errors of the program arrive as {@link AnThuError}. */
  async call<T>(method: string, params: unknown, result: z.ZodType<T>, options: CallOptions): Promise<T> {
    const handle = this.#running();
    const id = this.#nextId++;
    clearTimeout(this.#idleTimer);
    const value = await new Promise<unknown>((resolve, reject) => {
      const pending: PendingCall = { resolve, reject, timer: undefined };
      this.#pending.set(id, pending);
      const begin = (): void => {
        if (this.#pending.get(id) !== pending) return;
        pending.timer = setTimeout(() => this.#expire(id, pending, options.deadlineMs), options.deadlineMs);
      };
      if (options.startsAfter) options.startsAfter.then(begin, begin);
      else begin();
      const message = { id, method, params };
      try {
        if (options.startsAfter) this.#postGathered(message);
        else handle.post(message);
      } catch (thrown) {
        this.#refused(id, thrown);
      }
    });
    return result.parse(value);
  }

  onEvent(listener: (name: string, value: unknown) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** The program ended by itself, or was ended for what it said; not where it was told to ({@link stop}), nor at a deadline. */
  onExit(listener: (reason: string) => void): () => void {
    this.#exitListeners.add(listener);
    return () => this.#exitListeners.delete(listener);
  }

  /** Kills the program; calls under way fail with `general.program-died`. */
  stop(reason = 'stopped'): void {
    clearTimeout(this.#idleTimer);
    const handle = this.#handle;
    this.#handle = undefined;
    handle?.kill();
    this.#failAll(reason);
  }

  #expire(id: number, call: PendingCall, deadlineMs: number): void {
    this.#pending.delete(id);
    const seconds = Math.round(deadlineMs / 1000);
    call.reject(new AnThuError('general.program-timeout', { program: this.#name, seconds }));
    this.stop('deadline passed');
  }

  #running(): ProgramHandle {
    if (this.#handle) return this.#handle;
    const handle = this.#spawner.spawn(this.#name, this.#options);
    this.#handle = handle;
    this.#postGathered = gathered<ProgramCall>(
      (message) => handle.post(message),
      ({ id }, thrown) => this.#refused(id, thrown),
    );
    handle.onMessage((message) => {
      // One that was stopped speaks of what is no more: its logins ended with it, those of the next have not.
      if (this.#handle !== handle) return;
      for (const one of Array.isArray(message) ? message : [message]) this.#receive(one);
    });
    handle.onExit((reason) => {
      if (this.#handle !== handle) return;
      this.#handle = undefined;
      this.#failAll(reason);
      for (const listener of this.#exitListeners) listener(reason);
    });
    return handle;
  }

  #receive(message: unknown): void {
    const reply = isResult(message) ? message : replySchema.safeParse(message).data;
    // Whoever took it over (a file that it was to judge) must not take us along.
    if (!reply) return this.#endNonsense();
    if (reply.kind === 'event') {
      for (const listener of this.#eventListeners) listener(reply.name, reply.value);
      return;
    }
    const call = this.#pending.get(reply.id);
    if (!call) return;
    this.#pending.delete(reply.id);
    clearTimeout(call.timer);
    if (reply.kind === 'result') call.resolve(reply.value);
    else call.reject(fromErrorValue(reply.error));
    this.#armIdleTimer();
  }

  #endNonsense(): void {
    const reason = 'it talks nonsense';
    this.stop(reason);
    for (const listener of this.#exitListeners) listener(reason);
  }

  #armIdleTimer(): void {
    if (this.#idleMs === undefined || this.#pending.size > 0) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.stop('idle'), this.#idleMs);
    this.#idleTimer.unref();
  }

  /** What cannot be sent fails at once; nobody waits for its answer. */
  #refused(id: number, thrown: unknown): void {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(call?.timer);
    call?.reject(asAnThuError(thrown));
    this.#armIdleTimer();
  }

  #failAll(reason: string): void {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) {
      clearTimeout(call.timer);
      call.reject(new AnThuError('general.program-died', { program: this.#name, reason }));
    }
  }
}
