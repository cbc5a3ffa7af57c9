import { afterAll, beforeAll } from 'vitest';
import { startShellApp, type ShellApp } from './shell-app.ts';

/** The page's view of the bridge, loosely typed: these tests misuse it on purpose. */
interface Bridge {
  readonly version: string;
  call(procedure: unknown, input: unknown): Promise<unknown>;
  onEvent(listener: (name: string, value: unknown) => void): () => void;
  readonly shell: {
    chooseFolder(): Promise<unknown>;
    chooseFiles(): Promise<unknown>;
    addTokenModule(): Promise<unknown>;
    removeTokenModule(path: string): Promise<unknown>;
    preferences(): Promise<unknown>;
    installUpdate(): Promise<unknown>;
  };
}

declare global {
  // eslint-disable-next-line no-var -- a global of the page
  var anThu: Bridge;
}

/** The shell that this test file talks to. */
export let app: ShellApp;

beforeAll(async () => {
  app = await startShellApp();
});

afterAll(async () => {
  await app?.close();
});

/** Calls a procedure from the page; gives the value or the error value. */
export function call(procedure: unknown, input: unknown): Promise<unknown> {
  return app.page.evaluate(
    async ([procedure, input]) => {
      try {
        return await globalThis.anThu.call(procedure, input);
      } catch (error) {
        const text = String(error);
        return JSON.parse(text.slice(text.indexOf('{')));
      }
    },
    [procedure, input] as const,
  );
}
