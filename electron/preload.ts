import './zod-without-eval.ts';
import { contextBridge, ipcRenderer } from 'electron';
import {
  type BookRequest,
  callReplySchema,
  channels,
  eventMessageSchema,
  type ShellRequest,
} from './channels.ts';

/** Put in by the bundler. */
declare const AN_THU_VERSION: string | undefined;

/**
 * Sends a request and unwraps the reply. The bridge carries no error but its message, so an error value travels as JSON
 * in the message (the page turns it back, renderer/engine/engine-error.ts).
 */
async function ask(channel: string, request: unknown): Promise<unknown> {
  const reply = callReplySchema.parse(await ipcRenderer.invoke(channel, request));
  if (reply.kind === 'error') throw new Error(JSON.stringify(reply.error));
  return reply.value;
}

const askShell = (request: ShellRequest) => ask(channels.shell, request);

contextBridge.exposeInMainWorld(
  'anThu',
  Object.freeze({
    version: typeof AN_THU_VERSION === 'string' ? AN_THU_VERSION : 'dev',
    call: (procedure: string, input: unknown) => ask(channels.call, { procedure, input }),
    onEvent(listener: (name: string, value: unknown) => void): () => void {
      const receive = (_event: unknown, message: unknown) => {
        const event = eventMessageSchema.safeParse(message);
        if (event.success) listener(event.data.name, event.data.value);
      };
      ipcRenderer.on(channels.event, receive);
      return () => void ipcRenderer.off(channels.event, receive);
    },
    shell: Object.freeze({
      chooseFolder: () => askShell({ action: 'choose-folder' }),
      chooseFiles: () => askShell({ action: 'choose-files' }),
      addTokenModule: () => askShell({ action: 'add-token-module' }),
      removeTokenModule: (path: string) => askShell({ action: 'remove-token-module', path }),
      chooseAnchorFile: () => askShell({ action: 'choose-anchor-file' }),
      saveBook: (book: Omit<BookRequest, 'action'>) => askShell({ action: 'save-book', ...book }),
      preferences: () => askShell({ action: 'preferences' }),
      startWithSystem: (value: boolean) => askShell({ action: 'start-with-system', value }),
      installUpdate: () => askShell({ action: 'install-update' }),
    }),
  }),
);
