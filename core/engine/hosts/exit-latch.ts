/** Remembers the end of a program: every listener hears the reason once, also one that comes too late. */
export class ExitLatch {
  readonly #listeners: ((reason: string) => void)[] = [];
  #reason: string | undefined;

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  /** Tells the listeners; later calls change nothing, the first reason stands. */
  close(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#listeners.splice(0)) listener(reason);
  }

  onClose(listener: (reason: string) => void): void {
    const reason = this.#reason;
    if (reason === undefined) this.#listeners.push(listener);
    else queueMicrotask(() => listener(reason));
  }
}
