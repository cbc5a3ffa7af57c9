import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KeyDescription, SigningKey } from '../../ports/signing-key.ts';
import { AnThuError, fromErrorValue, toErrorValue } from '../../shared/errors.ts';
import type { SignedPdf } from '../sign-pdf.ts';
import { GatheredSyncs } from './gathered-syncs.ts';
import { wrapWriteErrors } from '../file-errors.ts';
import { partPathFor } from '../part-name.ts';
import type { CrewFile, CrewSetup, FromThread, ToThread } from './crew-messages.ts';

/** More threads than this wait for the disk and the token, not for a processor. */
const MOST_THREADS = 4;

const FILES_A_THREAD = 6;
const FILES_WITH_TOKEN = 12;

/** A file that needs more is hostile, not large: files are not held in this memory. */
const THREAD_HEAP_MB = 512;

/**
 * For what a file leaves behind. V8 marks its whole heap anew as soon as less than the room for the young is free below its limit: with
 * its usual 48 MB and up that was every seventy files, a fifth of a millisecond each.
 */
const YOUNG_HEAP_MB = 24;

const here = import.meta.url;
const threadEntry = new URL(here.endsWith('.ts') ? './signing-thread.ts' : './signing-thread.mjs', here);

interface Job {
  readonly file: CrewFile & { readonly partPath: string };
  readonly key: Promise<SigningKey>;
  readonly done: PromiseWithResolvers<SignedPdf>;
}

export interface SigningCrewOptions extends CrewSetup {
  /** Default: the processors there are, at most four. */
  readonly threads?: number;
  /** Told of each thread as it starts. */
  readonly onThread?: (thread: Worker) => void;
}

/**
 * Threads that sign files of a batch at B-B, so that all processors prepare and judge files while the token works. The
 * signatures themselves are asked of the key here, on the caller's thread. Close it after use.
 */
export class SigningCrew {
  readonly #threads: CrewThread[];
  #ids = 0;

  constructor(options: SigningCrewOptions) {
    const { threads = Math.min(availableParallelism(), MOST_THREADS), onThread, ...setup } = options;
    const syncs = new GatheredSyncs();
    this.#threads = Array.from(
      { length: Math.max(1, threads) },
      () => new CrewThread(setup, syncs, onThread),
    );
  }

  /** As `signPdf` at B-B with our own verification; also `general.program-died` when the thread ended at it. */
  sign(file: CrewFile, key: Promise<SigningKey>): Promise<SignedPdf> {
    const [first, ...others] = this.#threads;
    if (!first) throw new AnThuError('general.defect', { reason: 'a crew without threads' });
    const thread = others.reduce((best, other) => (other.busy < best.busy ? other : best), first);
    // Named here, so that what a thread leaves unfinished can be removed when it dies.
    const named = { ...file, partPath: partPathFor(file.outputPath) };
    return thread.sign(++this.#ids, named, key);
  }

  /** Files of a batch in hand at once: some for each thread, and some with the token. */
  get parallel(): number {
    return FILES_WITH_TOKEN + this.#threads.length * FILES_A_THREAD;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** One thread; started when it is first needed, and again after it died. */
class CrewThread {
  readonly #setup: CrewSetup;
  readonly #onThread: SigningCrewOptions['onThread'];
  readonly #syncs: GatheredSyncs;
  readonly #jobs = new Map<number, Job>();
  #worker: Worker | undefined;
  /** What the thread knows as the last key, and the promise it came from. */
  #toldKey: string | undefined;
  #toldFrom: Promise<SigningKey> | undefined;

  constructor(setup: CrewSetup, syncs: GatheredSyncs, onThread: SigningCrewOptions['onThread']) {
    this.#setup = setup;
    this.#syncs = syncs;
    this.#onThread = onThread;
  }

  get busy(): number {
    return this.#jobs.size;
  }

  async sign(id: number, file: Job['file'], key: Promise<SigningKey>): Promise<SignedPdf> {
    const job: Job = { file, key, done: Promise.withResolvers() };
    this.#jobs.set(id, job);
    const worker = this.#running();
    if (key === this.#toldFrom) post(worker, { kind: 'file', id, file, key: 'same' });
    else {
      post(worker, { kind: 'file', id, file });
      void this.#followWithKey(worker, id, key);
    }
    try {
      return await job.done.promise;
    } finally {
      this.#jobs.delete(id);
    }
  }

  /** What is under way fails; what it left unfinished is removed. */
  async end(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    await worker.terminate();
    await this.#lost(worker, 'closed');
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(threadEntry, {
      workerData: this.#setup,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    this.#worker = worker;
    this.#toldKey = undefined;
    this.#toldFrom = undefined;
    this.#onThread?.(worker);
    let reason = '';
    worker.on('message', (message: FromThread) => this.#receive(worker, message));
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => void this.#lost(worker, reason || `exit code ${code}`));
    return worker;
  }

  /** Its files fail one by one; what it left unfinished is removed before anybody is told. */
  async #lost(worker: Worker, reason: string): Promise<void> {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    await Promise.allSettled(jobs.map(({ file }) => rm(file.partPath, { force: true })));
    const error = new AnThuError('general.program-died', { program: 'signing-thread', reason });
    for (const job of jobs) job.done.reject(error);
  }

  #receive(worker: Worker, message: FromThread): void {
    const job = this.#jobs.get(message.id);
    if (!job) return;
    if (message.kind === 'signed') {
      // Its thread is through with it, whatever becomes of it now.
      this.#jobs.delete(message.id);
      job.done.resolve(this.#madeDurable(message.signed));
    } else if (message.kind === 'failed') job.done.reject(fromErrorValue(message.error));
    else void this.#askToken(worker, message, job);
  }

  async #madeDurable(signed: SignedPdf): Promise<SignedPdf> {
    const { outputPath } = signed;
    await wrapWriteErrors(outputPath, () => this.#syncs.sync(dirname(outputPath)));
    return signed;
  }

  async #askToken(
    worker: Worker,
    { id, request }: Extract<FromThread, { kind: 'sign' }>,
    job: Job,
  ): Promise<void> {
    try {
      const signature = await (await job.key).sign(request);
      this.#tell(worker, { kind: 'signature', id, signature });
    } catch (thrown) {
      this.#tell(worker, { kind: 'refused', id, error: toErrorValue(thrown) });
    }
  }

  async #followWithKey(worker: Worker, id: number, key: Promise<SigningKey>): Promise<void> {
    try {
      const opened = await key;
      // A thread that came after one that died was told nothing yet.
      if (this.#worker !== worker) return;
      this.#tellKey(worker, id, opened);
      this.#toldFrom = key;
    } catch (thrown) {
      this.#tell(worker, { kind: 'refused', id, error: toErrorValue(thrown) });
    }
  }

  #tellKey(worker: Worker, id: number, key: SigningKey): void {
    const { uri, label, keyType, bits, certificate, chain } = key;
    const description: KeyDescription = { uri, label, keyType, bits, certificate, chain };
    const name = `${uri} ${Buffer.from(certificate).toString('base64')}`;
    this.#tell(worker, { kind: 'key', id, key: name === this.#toldKey ? 'same' : description });
    this.#toldKey = name;
  }

  #tell(worker: Worker, message: ToThread): void {
    if (this.#worker === worker) post(worker, message);
  }
}

function post(worker: Worker, message: ToThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(message);
}
