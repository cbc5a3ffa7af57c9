import { join } from 'node:path';
import { utilityProcess, type UtilityProcess } from 'electron';
import { answerProxyQuestion } from './system-proxy.ts';
import type { ProgramReply, ProgramRequest } from '../core/shared/program-relay.ts';

/** The only programs that can be started, by their file in the build folder. */
const programFiles = {
  'token-host': 'token-host.mjs',
  'document-worker': 'document-worker.mjs',
  'ocr-worker': 'ocr-worker.mjs',
} as const;

/** Helper programs of one engine process: started, spoken to and ended at its wish, without looking at the messages. */
export class HelperPrograms {
  readonly #buildFolder: string;
  readonly #reply: (reply: ProgramReply) => void;
  readonly #programs = new Map<number, UtilityProcess>();

  constructor(buildFolder: string, reply: (reply: ProgramReply) => void) {
    this.#buildFolder = buildFolder;
    this.#reply = reply;
  }

  handle(request: ProgramRequest): void {
    if (request.kind === 'spawn') this.#spawn(request);
    else if (request.kind === 'post') this.#programs.get(request.handle)?.postMessage(request.message);
    else kill(this.#programs.get(request.handle));
  }

  /** Ends all programs without telling the engine, which is gone. */
  killAll(): void {
    for (const program of this.#programs.values()) kill(program);
    this.#programs.clear();
  }

  #spawn(request: Extract<ProgramRequest, { kind: 'spawn' }>): void {
    const { handle, program, args, env, memoryMb } = request;
    const child = utilityProcess.fork(join(this.#buildFolder, programFiles[program]), args, {
      env: { ...process.env, ...env },
      execArgv: memoryMb === undefined ? [] : [`--max-old-space-size=${memoryMb}`],
      serviceName: `an-thu ${program}`,
    });
    this.#programs.set(handle, child);
    const reply = (value: ProgramReply) => {
      if (this.#programs.get(handle) === child) this.#reply(value);
    };
    child.once('spawn', () => {
      if (child.pid !== undefined) reply({ kind: 'spawned', handle, pid: child.pid });
    });
    child.on('message', (message: unknown) => {
      if (answerProxyQuestion(message, (answer) => this.#programs.get(handle)?.postMessage(answer))) return;
      reply({ kind: 'message', handle, message });
    });
    child.once('exit', (code) => {
      reply({ kind: 'exit', handle, reason: `exit code ${code}` });
      this.#programs.delete(handle);
    });
  }
}

/**
 * A hung vendor module may ignore the polite request that Electron's `kill` makes, so the pid is killed outright; one that
 * is only being started is killed as soon as it has a pid.
 */
function kill(program: UtilityProcess | undefined): void {
  if (program === undefined) return;
  if (program.pid === undefined) {
    program.once('spawn', () => kill(program));
    return;
  }
  try {
    process.kill(program.pid, 'SIGKILL');
  } catch {
    program.kill();
  }
}
