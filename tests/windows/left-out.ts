/** A test file that is not run as win32, and why. */
export interface FileLeftOut {
  readonly file: string;
  readonly reason: string;
}

/** One test (full name: its groups and its own, with blanks between) that is not run as win32, and why. */
export interface TestLeftOut {
  readonly file: string;
  readonly test: string;
  readonly reason: string;
}

export const filesLeftOut: readonly FileLeftOut[] = [];

export const testsLeftOut: readonly TestLeftOut[] = [];
