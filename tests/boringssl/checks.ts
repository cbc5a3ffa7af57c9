import { AnThuError } from '../../core/shared/errors.ts';

/** Assertions that are counted and go on after a failure: this runs where there is no test runner. */
export class Checks {
  passed = 0;
  readonly failures: string[] = [];
  #context = '';

  /** Names what the following assertions are about. */
  within(context: string): void {
    this.#context = ` (${context})`;
  }

  ok(name: string, holds: boolean): void {
    if (holds) this.passed++;
    else this.failures.push(`${name}${this.#context}`);
  }

  equal(name: string, found: unknown, wanted: unknown): void {
    this.ok(`${name}: found ${String(found)}, wanted ${String(wanted)}`, found === wanted);
  }

  throws(name: string, run: () => unknown): void {
    try {
      run();
      this.ok(name, false);
    } catch {
      this.ok(name, true);
    }
  }

  async rejects(name: string, work: Promise<unknown>, code: string): Promise<void> {
    const found = await work.then(
      () => 'nothing thrown',
      (thrown: unknown) => (thrown instanceof AnThuError ? thrown.code : String(thrown)),
    );
    this.equal(name, found, code);
  }
}
