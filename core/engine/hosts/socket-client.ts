import { lstatSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import {
  procedures,
  type ProcedureInput,
  type ProcedureName,
  type ProcedureOutput,
} from '../../contract/procedures.ts';
import { engineMessageSchema } from '../../contract/transport.ts';
import { AnThuError, fromErrorValue } from '../../shared/errors.ts';
import { LineCutter } from '../../shared/lines.ts';

/** What the command line needs of an engine, near or far. */
export interface EngineClient {
  call<N extends ProcedureName>(procedure: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>>;
  onEvent(listener: (name: string, value: unknown) => void): () => void;
  close(): Promise<void>;
}

/** Connects to the engine that runs on a data folder; null when none does, or when what listens there is somebody else's. */
export async function connectToEngine(socketPath: string): Promise<EngineClient | null> {
  if (process.platform !== 'win32' && !isTrustworthy(socketPath)) return null;
  const socket = await open(socketPath);
  return socket && new SocketClient(socket);
}

/** A deep data folder has its socket in the temp folder (`dataFolderAt`), where any user of the machine may lie in wait with one. */
function isTrustworthy(path: string): boolean {
  try {
    const anyoneMayWrite = (statSync(dirname(path)).mode & 0o002) !== 0;
    return !anyoneMayWrite || lstatSync(path).uid === process.getuid?.();
  } catch {
    return false;
  }
}

function open(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

const gone = (): AnThuError => new AnThuError('engine.unavailable', { reason: 'connection closed' });

class SocketClient implements EngineClient {
  readonly #socket: Socket;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Set<(name: string, value: unknown) => void>();
  #nextId = 1;

  constructor(socket: Socket) {
    this.#socket = socket;
    const lines = new LineCutter();
    socket.setEncoding('utf8').on('data', (piece: string) => {
      for (const line of lines.take(piece)) this.#receive(line);
    });
    socket.on('close', () => {
      for (const call of this.#pending.values()) call.reject(gone());
      this.#pending.clear();
    });
    socket.on('error', () => socket.destroy());
  }

  async call<N extends ProcedureName>(procedure: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
    if (this.#socket.destroyed) throw gone();
    const id = this.#nextId++;
    const value = await new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ kind: 'call', id, procedure, input })}\n`);
    });
    return procedures[procedure].output.parse(value) as ProcedureOutput<N>;
  }

  onEvent(listener: (name: string, value: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }

  #receive(line: string): void {
    const message = engineMessageSchema.parse(JSON.parse(line));
    if (message.kind === 'event') {
      for (const listener of this.#listeners) listener(message.name, message.value);
      return;
    }
    const call = this.#pending.get(message.id);
    if (!call) return;
    this.#pending.delete(message.id);
    if (message.kind === 'result') call.resolve(message.value);
    else call.reject(fromErrorValue(message.error));
  }
}
