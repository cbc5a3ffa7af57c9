import type { BrowserWindow } from 'electron';
import type { ProcedureName } from '../core/contract/procedures.ts';
import type { ShellTranslate } from './messages.ts';

/** What a native dialog of ours needs: the window that it stands before, words, and the engine that gets the person's answer. */
export interface Asking {
  readonly window: BrowserWindow;
  /** In the language of the settings. */
  readonly t: ShellTranslate;
  readonly callEngine: (procedure: ProcedureName, input: unknown) => Promise<unknown>;
}
