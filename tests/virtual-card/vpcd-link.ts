import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { PivCard } from './piv-card.ts';

/**
 * T=1; the historical bytes name the PIV application (compact TLV, tag F). Without them OpenSC takes the card for one that has no
 * elliptic curves and loses its login when it is selected again.
 */
const answerToReset = withCheckByte('3b8d800180fba000000308000010000100');

function withCheckByte(hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.concat([bytes, Buffer.of(bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0))]);
}

const connectDeadlineMs = 10_000;

/** How the card behaves on the wire; a test may change it while it works. */
export interface CardManners {
  /** Milliseconds before every answer. */
  delayMs: number;
  /** Instruction at which the card is pulled out instead of answering. */
  pullAt: number | null;
}

/**
 * A card in vpcd's reader: TCP frames of two length bytes and data; frames of one byte are off (0), on (1), reset (2) and "tell
 * your ATR" (4), all others are commands. Connecting is putting the card in, closing is pulling it out.
 */
export class VpcdLink {
  readonly #card: PivCard;
  readonly #manners: CardManners;
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(card: PivCard, manners: CardManners, port: number) {
    this.#card = card;
    this.#manners = manners;
    this.#port = port;
  }

  get inserted(): boolean {
    return this.#socket !== undefined;
  }

  /** Puts the card in. Waits for the reader, which may be starting. */
  async insert(): Promise<void> {
    const deadline = performance.now() + connectDeadlineMs;
    for (;;) {
      try {
        this.#socket = await open(this.#port);
        break;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await pause(50);
      }
    }
    this.#card.reset();
    this.#listen(this.#socket);
  }

  remove(): void {
    this.#socket?.resetAndDestroy();
    this.#socket = undefined;
    this.#card.reset();
  }

  #listen(socket: Socket): void {
    let buffered = Buffer.alloc(0);
    let working = Promise.resolve();
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
        const frame = buffered.subarray(2, 2 + buffered.readUInt16BE(0));
        buffered = buffered.subarray(2 + frame.length);
        working = working.then(() => this.#take(socket, frame));
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
  }

  async #take(socket: Socket, frame: Buffer): Promise<void> {
    if (frame.length === 1) {
      if (frame[0] === 4) send(socket, answerToReset);
      else this.#card.reset();
      return;
    }
    if (frame[1] === this.#manners.pullAt) {
      this.#manners.pullAt = null;
      return this.remove();
    }
    if (this.#manners.delayMs > 0) await pause(this.#manners.delayMs);
    if (this.#socket === socket) send(socket, this.#card.respond(frame));
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** One write a frame: two would wait for the reader's delayed acknowledgement in between. */
function send(socket: Socket, data: Buffer): void {
  const frame = Buffer.alloc(2 + data.length);
  frame.writeUInt16BE(data.length);
  data.copy(frame, 2);
  socket.write(frame);
}
