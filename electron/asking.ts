import type { BrowserWindow } from 'electron';
import type { ProcedureName } from '../core/contract/procedures.ts';

/** What a native dialog of ours needs: the window that it stands before, and the engine that gets the person's answer. */
export interface Asking {
  readonly window: BrowserWindow;
  readonly callEngine: (procedure: ProcedureName, input: unknown) => Promise<unknown>;
}
