interface Waiting {
  readonly kind: 'alone' | 'piped';
  readonly start: () => void;
}

/**
 * Calls to a token host in the order in which they come. Most go alone: nothing else is with the host. Piped ones
 * (signatures) may be with it several at once, so that it never waits for the way to us; it works on them one by one.
 */
export class CallLine {
  readonly #depth: number;
  readonly #waiting: Waiting[] = [];
  #kind: Waiting['kind'] = 'alone';
  #inside = 0;
  /** Settles with the piped call that went before. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Whether a call is under way or waiting. */
  get busy(): boolean {
    return this.#inside > 0 || this.#waiting.length > 0;
  }

  /** Runs a call when nothing else is with the host, and nothing else meanwhile. */
  run<T>(call: () => Promise<T>): Promise<T> {
    return this.#take('alone', call);
  }

  /** Runs a call behind other piped ones; `before` settles when the host is through with the one ahead. */
  runPiped<T>(call: (before: Promise<unknown>) => Promise<T>): Promise<T> {
    return this.#take('piped', () => {
      const running = call(this.#before);
      this.#before = running.catch(() => undefined);
      return running;
    });
  }

  async #take<T>(kind: Waiting['kind'], call: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#mayEnter(kind))
      await new Promise<void>((start) => this.#waiting.push({ kind, start }));
    else this.#enter(kind);
    try {
      return await call();
    } finally {
      this.#leave();
    }
  }

  #mayEnter(kind: Waiting['kind']): boolean {
    if (this.#inside === 0) return true;
    return kind === 'piped' && this.#kind === 'piped' && this.#inside < this.#depth;
  }

  #enter(kind: Waiting['kind']): void {
    this.#kind = kind;
    this.#inside++;
  }

  #leave(): void {
    this.#inside--;
    for (let next = this.#waiting[0]; next && this.#mayEnter(next.kind); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#enter(next.kind);
      next.start();
    }
  }
}
