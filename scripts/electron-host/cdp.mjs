import { EventEmitter } from 'node:events';

/**
 * Chromium's DevTools protocol over a pair of pipes: JSON messages ended by a NUL byte.
 * Events are emitted as `session-id/Method.name`; those of the browser itself as `/Method.name`.
 */
export class Cdp extends EventEmitter {
  #output;
  #pending = new Map();
  #lastId = 0;
  #closed = false;

  /**
   * @param {import('node:stream').Writable} output to Chromium (its descriptor 3)
   * @param {import('node:stream').Readable} input from Chromium (its descriptor 4)
   */
  constructor(output, input) {
    super();
    this.setMaxListeners(0);
    this.#output = output;
    let rest = [];
    input.on('data', (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
        rest.push(chunk.subarray(start, end));
        const text = Buffer.concat(rest).toString('utf8');
        rest = [];
        start = end + 1;
        this.#receive(JSON.parse(text));
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
    });
    input.on('close', () => this.#close());
    input.on('error', () => this.#close());
    output.on('error', () => this.#close());
  }

  /** Sends a command; rejects with Chromium's message, or when the browser is gone. */
  send(method, params = {}, sessionId = undefined) {
    if (this.#closed) return Promise.reject(new Error(`electron-host: Chromium is gone (${method})`));
    const id = ++this.#lastId;
    this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, method }));
  }

  #receive(message) {
    if (message.id === undefined) {
      this.emit(`${message.sessionId ?? ''}/${message.method}`, message.params);
      return;
    }
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) call?.reject(new Error(`${call.method}: ${message.error.message}`));
    else call?.resolve(message.result);
  }

  #close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const call of this.#pending.values()) call.reject(new Error('electron-host: Chromium is gone'));
    this.#pending.clear();
    this.emit('close');
  }
}
