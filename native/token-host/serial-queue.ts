/** Runs tasks one after another, whatever became of the one before. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether a task is running or waiting. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#waiting--;
    }
  }
}
