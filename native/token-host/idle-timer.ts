/** Calls `onIdle` when {@link IdleTimer.restart} was not called for a while. */
export class IdleTimer {
  readonly #ms: number;
  readonly #onIdle: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, onIdle: () => Promise<void>) {
    this.#ms = ms;
    this.#onIdle = onIdle;
  }

  restart(): void {
    if (this.#timer) {
      // One that has run out runs again.
      this.#timer.refresh();
      return;
    }
    this.#timer = setTimeout(() => void this.#onIdle(), this.#ms);
    this.#timer.unref();
  }
}
