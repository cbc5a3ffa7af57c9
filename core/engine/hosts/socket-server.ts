import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { callMessageSchema, type EngineMessage } from '../../contract/transport.ts';
import { toErrorValue } from '../../shared/errors.ts';
import { LineCutter } from '../../shared/lines.ts';
import type { Engine } from '../engine.ts';

/** A command that reads nothing of what it is told, being stopped, is let go before it fills the engine's memory. */
const MOST_UNREAD_BYTES = 64 * 1024 * 1024;

type ServedEngine = Pick<Engine, 'socketPath' | 'onEvent' | 'callUntyped'>;

/**
 * Lets the command line talk to this engine: one JSON message a line over a local socket that only this user can
 * open. Only the engine that holds the folder's lock serves, so a socket file left by a killed one is replaced.
 */
export async function serveSocket(engine: ServedEngine): Promise<() => Promise<void>> {
  const path = engine.socketPath;
  if (process.platform !== 'win32') await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serveConnection(engine, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

function serveConnection(engine: ServedEngine, socket: Socket): void {
  const send = (message: EngineMessage) => {
    if (socket.destroyed) return;
    if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
    else socket.write(`${JSON.stringify(message)}\n`);
  };
  const stopEvents = engine.onEvent((name, value) => send({ kind: 'event', name, value }));
  socket.on('close', stopEvents);
  const answer = async (line: string): Promise<void> => {
    const message = callMessageSchema.safeParse(parseJson(line));
    if (!message.success) return void socket.destroy();
    const { id, procedure, input } = message.data;
    try {
      send({ kind: 'result', id, value: await engine.callUntyped(procedure, input) });
    } catch (thrown) {
      send({ kind: 'error', id, error: toErrorValue(thrown) });
    }
  };
  const lines = new LineCutter();
  socket.setEncoding('utf8').on('data', (piece: string) => {
    for (const line of lines.take(piece)) void answer(line);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
