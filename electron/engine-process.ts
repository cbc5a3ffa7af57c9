import { join } from 'node:path';
import { utilityProcess, type UtilityProcess } from 'electron';
import type { ProcedureName } from '../core/contract/procedures.ts';
import { engineMessageSchema, type CallMessage } from '../core/contract/transport.ts';
import { AnThuError, fromErrorValue } from '../core/shared/errors.ts';
import { programRequestSchema } from '../core/shared/program-relay.ts';
import { answerProxyQuestion } from './system-proxy.ts';
import type { EventMessage } from './channels.ts';
import { HelperPrograms } from './helper-programs.ts';

interface EngineProcessOptions {
  readonly buildFolder: string;
  readonly args: readonly string[];
  readonly onEvent: (event: EventMessage) => void;
  /** The engine is back after a crash: what is shown may be stale. */
  readonly onRestarted: () => void;
  /** It ended again and again; it stays down until `start` is called. */
  readonly onGivenUp: (reason: string) => void;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AnThuError) => void;
}

const firstDelayMs = 250;
const longestDelayMs = 8_000;
const triesBeforeGivingUp = 6;
/** An engine that ran so long counts as healthy again. */
const healthyMs = 60_000;
const patienceMs = 3_000;

/** The engine in its utility process: calls go in, events come out; it is started again when it dies. */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  readonly #pending = new Map<number, PendingCall>();
  #child: UtilityProcess | undefined;
  #lastId = 0;
  #deaths = 0;
  #stopping = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const { buildFolder, args, onEvent } = this.#options;
    const startedAt = Date.now();
    const child = utilityProcess.fork(join(buildFolder, 'engine.mjs'), [...args], {
      serviceName: 'an-thu engine',
    });
    const programs = new HelperPrograms(buildFolder, (reply) => this.#child?.postMessage(reply));
    this.#child = child;
    child.on('message', (message: unknown) => {
      if (answerProxyQuestion(message, (answer) => this.#child?.postMessage(answer))) return;
      const request = programRequestSchema.safeParse(message);
      if (request.success) programs.handle(request.data);
      else this.#receive(message, onEvent);
    });
    child.once('exit', (code) => {
      programs.killAll();
      this.#child = undefined;
      this.#died(`exit code ${code}`, Date.now() - startedAt);
    });
  }

  /** Asks the engine; rejects with the engine's error, or `general.program-died` when it is or goes away. */
  call(procedure: ProcedureName, input: unknown): Promise<unknown> {
    if (!this.#child) return Promise.reject(engineDied('restarting'));
    const message: CallMessage = { kind: 'call', id: ++this.#lastId, procedure, input };
    return new Promise((resolve, reject) => {
      this.#pending.set(message.id, { resolve, reject });
      this.#child?.postMessage(message);
    });
  }

  /**
   * Ends the engine for good: asks it to close its files, and insists after three seconds. What it has accepted is safe
   * on disk at any moment.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    const insist = setTimeout(() => killOutright(child), patienceMs);
    await ended;
    clearTimeout(insist);
  }

  #receive(raw: unknown, onEvent: (event: EventMessage) => void): void {
    const parsed = engineMessageSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.kind === 'event') {
      onEvent({ name: message.name, value: message.value });
      return;
    }
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'result') call?.resolve(message.value);
    else call?.reject(fromErrorValue(message.error));
  }

  #died(reason: string, livedMs: number): void {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) call.reject(engineDied(reason));
    if (this.#stopping) return;
    this.#deaths = livedMs > healthyMs ? 1 : this.#deaths + 1;
    if (this.#deaths >= triesBeforeGivingUp) {
      this.#deaths = 0;
      this.#options.onGivenUp(reason);
      return;
    }
    const delay = Math.min(firstDelayMs * 2 ** (this.#deaths - 1), longestDelayMs);
    setTimeout(() => {
      if (this.#stopping) return;
      this.start();
      this.#options.onRestarted();
    }, delay);
  }
}

function engineDied(reason: string): AnThuError {
  return new AnThuError('general.program-died', { program: 'engine', reason });
}

function killOutright(child: UtilityProcess): void {
  if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
}
