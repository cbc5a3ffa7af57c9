import type {
  ProgramHandle,
  ProgramName,
  ProgramSpawner,
  SpawnOptions,
} from '../../ports/program-spawner.ts';
import { electronParentPort, type ParentPort } from '../../shared/parent-port.ts';
import { programReplySchema, type ProgramReply, type ProgramRequest } from '../../shared/program-relay.ts';
import { ExitLatch } from './exit-latch.ts';

interface RelayedProgram {
  pid: number | undefined;
  readonly listeners: ((message: unknown) => void)[];
  readonly exit: ExitLatch;
}

/**
 * Starts helper programs through Electron's main process (`core/shared/program-relay.ts`). The port carries the
 * engine's own calls as well: replies that are not about programs are left to whoever else listens.
 *
 * @throws when this process has no parent port, that is, outside an Electron utility process.
 */
export function createElectronSpawner(port: ParentPort | undefined = electronParentPort()): ProgramSpawner {
  if (!port) throw new Error('createElectronSpawner works in an Electron utility process only');
  const programs = new Map<number, RelayedProgram>();
  let lastHandle = 0;
  const send = (request: ProgramRequest) => port.postMessage(request);

  port.on('message', ({ data }) => {
    const reply = programReplySchema.safeParse(data);
    if (reply.success) receive(programs, reply.data);
  });

  return {
    spawn(name: ProgramName, options: SpawnOptions = {}): ProgramHandle {
      const handle = ++lastHandle;
      const program: RelayedProgram = { pid: undefined, listeners: [], exit: new ExitLatch() };
      programs.set(handle, program);
      send({
        kind: 'spawn',
        handle,
        program: name,
        args: [...(options.args ?? [])],
        env: { ...options.env },
        memoryMb: options.memoryMb,
      });
      return {
        get pid() {
          return program.pid;
        },
        post(message) {
          if (!program.exit.closed) send({ kind: 'post', handle, message });
        },
        onMessage: (listener) => void program.listeners.push(listener),
        onExit: (listener) => program.exit.onClose(listener),
        kill: () => send({ kind: 'kill', handle }),
      };
    },
  };
}

function receive(programs: Map<number, RelayedProgram>, reply: ProgramReply): void {
  const program = programs.get(reply.handle);
  if (!program) return;
  if (reply.kind === 'spawned') program.pid = reply.pid;
  if (reply.kind === 'message') for (const listener of program.listeners) listener(reply.message);
  if (reply.kind === 'exit') {
    programs.delete(reply.handle);
    program.exit.close(reply.reason);
  }
}
