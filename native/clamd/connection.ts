import { createConnection, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Where clamd listens. */
export type ClamdAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Opens a socket to clamd; fails with the system's own error (ENOENT, ECONNREFUSED …). */
export function connectToClamd(address: ClamdAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket =
      'socketPath' in address
        ? createConnection({ path: address.socketPath })
        : createConnection({ host: address.host, port: address.port });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/**
 * One exchange with clamd, handed to `clamscan` in place of the bare socket. It exists because the package
 * never settles its promise when the daemon dies in mid-scan and has no back-pressure (findings/shell.md §5):
 * here the loss of the connection is told to `onLost`, and {@link writableLength} shows what is not sent yet.
 * It never emits `error` to the package, whose only answer to one is to print it.
 */
export class ClamdConnection extends Duplex {
  readonly #socket: Socket;
  #bytesSent = 0;
  #answered = false;

  constructor(socket: Socket, onLost: (reason: string) => void) {
    super({ allowHalfOpen: true, writableHighWaterMark: 64 * 1024 });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => {
      this.#answered = true;
      this.push(null);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => onLost(error.code ?? error.message));
    socket.on('close', () => {
      if (!this.#answered) onLost('closed without an answer');
    });
  }

  /** Bytes handed to the system, the protocol's own included. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#socket.write(chunk, (error) => {
      if (!error) this.#bytesSent += chunk.length;
      done();
    });
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(_error: Error | null, done: (error: null) => void): void {
    this.#socket.destroy();
    done(null);
  }
}
