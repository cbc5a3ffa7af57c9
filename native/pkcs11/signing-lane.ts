import { Worker } from 'node:worker_threads';
import type pkcs11js from 'pkcs11js';
import { RING_PLACES, SignRing } from './sign-ring.ts';

/** What the driver thread needs to sign with one key in one session. */
export interface LaneKey {
  readonly session: Uint8Array;
  readonly key: Uint8Array;
  readonly mechanism: pkcs11js.Mechanism;
}

export interface Lane extends LaneKey {
  readonly number: number;
}

export interface ThreadSetup {
  readonly memory: SharedArrayBuffer;
  readonly modulePath: string;
}

/** A call that failed on the driver thread, as it would have been thrown. */
export interface LaneFailure {
  readonly operation: 'C_SignInit' | 'C_Sign';
  readonly thrown: Error;
}

export type LaneAnswer =
  | { readonly kind: 'signed'; readonly output: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: LaneFailure }
  /** The one before it failed, and so the driver was not asked. */
  | { readonly kind: 'not-begun' };

const here = import.meta.url;
const threadEntry = new URL(here.endsWith('.ts') ? './driver-thread.ts' : './driver-thread.mjs', here);

/** What one signature after the other needs; more than this is a leak. */
const THREAD_HEAP_MB = 32;

/** A signature that is done is answered after this long at the latest, whatever becomes of the next one. */
const LOOK_MS = 10;

/**
 * Signatures on a thread of their own, one after another, so that the next is made while the messages of the last are on
 * their way. Whoever uses it makes no call into the driver before {@link SigningLane.idle}.
 */
export class SigningLane {
  readonly #ring = new SignRing();
  readonly #worker: Worker;
  readonly #waiting: ((answer: LaneAnswer) => void)[] = [];
  #whenIdle: (() => void)[] = [];
  #state: 'starting' | 'ready' | 'gone' = 'starting';
  #asked = 0;
  #fetched = 0;
  #lane = 0;
  #look: NodeJS.Timeout | undefined;

  constructor(modulePath: string) {
    const setup: ThreadSetup = { memory: this.#ring.memory, modulePath };
    this.#worker = new Worker(threadEntry, {
      workerData: setup,
      stdin: false,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    });
    this.#worker.unref();
    this.#worker.on('message', () => this.#woken());
    let reason = 'the driver thread ended';
    this.#worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#lost(reason));
    endWithoutWaiting();
  }

  /** Whether it can sign now; one that could not be started, or died, never can. */
  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** How many it was given and is not through with. */
  get underWay(): number {
    return this.#waiting.length;
  }

  /** From now on signs with this key. */
  use(key: LaneKey): void {
    const lane: Lane = { ...key, number: ++this.#lane };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(lane);
  }

  /** Signs an input of C_Sign after those before it. */
  async sign(input: Uint8Array): Promise<LaneAnswer> {
    while (this.#waiting.length >= RING_PLACES) await this.idle();
    if (!this.ready) return { kind: 'not-begun' };
    this.#look ??= setInterval(() => this.#fetch(), LOOK_MS);
    return await new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#ring.ask(this.#asked++, this.#lane, input);
    });
  }

  /** Settles when the thread is through with all that it was given. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #woken(): void {
    if (this.#state === 'starting') this.#state = 'ready';
    this.#fetch();
  }

  #fetch(): void {
    for (;;) {
      const done = this.#waiting.length > 0 ? this.#ring.fetch(this.#fetched) : undefined;
      if (!done) return;
      this.#fetched++;
      const { outcome, output } = done;
      if (outcome === 'load') this.#state = 'gone';
      if (outcome === 'signed') this.#settle({ kind: 'signed', output });
      else if (outcome === 'load' || outcome === 'not-begun') this.#settle({ kind: 'not-begun' });
      else this.#settle(failed(outcome, Buffer.from(output).toString()));
    }
  }

  #settle(answer: LaneAnswer): void {
    this.#waiting.shift()?.(answer);
    if (this.#waiting.length > 0) return;
    clearInterval(this.#look);
    this.#look = undefined;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }

  /** It may have been in the middle of one: that one is not tried again. */
  #lost(reason: string): void {
    this.#state = 'gone';
    this.#fetch();
    if (this.#waiting.length > 0) this.#settle(failed('C_Sign', reason));
    while (this.#waiting.length > 0) this.#settle({ kind: 'not-begun' });
  }
}

let endsWithoutWaiting = false;

/** An ordinary exit waits for a thread, for ever when it hangs in the driver. Once a process, however many lanes it has had. */
function endWithoutWaiting(): void {
  if (endsWithoutWaiting) return;
  endsWithoutWaiting = true;
  process.on('exit', () => process.kill(process.pid, 'SIGKILL'));
}

const failed = (operation: LaneFailure['operation'], reason: string): LaneAnswer => ({
  kind: 'failed',
  failure: { operation, thrown: new Error(reason) },
});
