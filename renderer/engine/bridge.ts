import type { BookRange } from '../../core/contract/register-book.ts';

/** Which book a person wants, and as what. */
export interface BookWish {
  readonly kind: 'print' | 'export';
  readonly range: BookRange;
  readonly volume: string;
}

/** What the preload script puts on the window: the page's only way out. */
export interface Bridge {
  readonly version: string;
  call(procedure: string, input: unknown): Promise<unknown>;
  onEvent(listener: (name: string, value: unknown) => void): () => void;
  readonly shell?: ShellBridge;
}

/** What only a desktop shell can do. */
export interface ShellBridge {
  /** Path of the folder the person chose, or null; parsed in choose.ts. */
  chooseFolder?(): Promise<unknown>;
  /** Paths of the scans the person chose, or null. */
  chooseFiles?(): Promise<unknown>;
  /** Opens the native dialog in which an administrator adds a PKCS#11 library; the list that results, or null. */
  addTokenModule?(): Promise<unknown>;
  /** Asks and takes a library out of the list; the list that results, or null. */
  removeTokenModule?(path: string): Promise<unknown>;
  /** Opens the native dialog for a file of an authority's certificates; what it holds (core/contract/trust.ts), or null. */
  chooseAnchorFile?(): Promise<unknown>;
  /** Asks where to and has the register printed or exported there; what was written, or null; parsed in register/book-dialog.tsx. */
  saveBook?(book: BookWish): Promise<unknown>;
  /** The shell's own choices; parsed in settings/computer-part.tsx. */
  preferences?(): Promise<unknown>;
  startWithSystem?(value: boolean): Promise<unknown>;
  /** Opens the native dialog for a signed update; the version that is being installed, or null. */
  installUpdate?(): Promise<unknown>;
}

declare global {
  interface Window {
    readonly anThu?: Bridge;
  }
}
