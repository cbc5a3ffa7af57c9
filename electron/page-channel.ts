import type { z } from 'zod';
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { procedures, shellOnlyProcedures, type ProcedureName } from '../core/contract/procedures.ts';
import { AnThuError, toErrorValue } from '../core/shared/errors.ts';
import type { MachineSettings } from '../core/shared/machine-settings.ts';
import { callRequestSchema, channels, shellRequestSchema, type CallReply } from './channels.ts';
import { ChosenPaths } from './chosen-paths.ts';
import type { ShellTranslate } from './messages.ts';
import { answerShell } from './shell-answers.ts';
import { isTrustedSender } from './trusted-sender.ts';

interface PageChannelOptions {
  readonly policy: MachineSettings['policy'];
  readonly window: () => BrowserWindow | undefined;
  readonly callEngine: (procedure: ProcedureName, input: unknown) => Promise<unknown>;
  /** The words of the shell in the language of the settings. */
  readonly speak: () => Promise<ShellTranslate>;
}

/** Answers the page. Whatever is wrong with a message becomes an error value; nothing is thrown across. */
export function servePage(options: PageChannelOptions): void {
  const chosen = new ChosenPaths();
  const watchedNow = async () => {
    const settings = await options.callEngine('settings.get', {});
    return procedures['settings.get'].output.parse(settings).watchedFolders.map((folder) => folder.path);
  };
  const answer = async (event: IpcMainInvokeEvent, work: () => Promise<unknown>): Promise<CallReply> => {
    try {
      if (!isTrustedSender(event, options.window()?.webContents)) {
        throw new AnThuError('general.invalid-input', { reason: 'untrusted sender' });
      }
      return { kind: 'result', value: await work() };
    } catch (thrown) {
      return { kind: 'error', error: toErrorValue(thrown) };
    }
  };

  ipcMain.handle(channels.call, (event, message) =>
    answer(event, async () => {
      const { procedure, input } = parse(callRequestSchema, message);
      if (!isProcedure(procedure) || isShellOnly(procedure)) {
        throw new AnThuError('general.invalid-input', { reason: `unknown procedure ${procedure}` });
      }
      const inputSchema: z.ZodType = procedures[procedure].input;
      const parsed = parse(inputSchema, input);
      await chosen.check(procedure, parsed, watchedNow);
      return options.callEngine(procedure, parsed);
    }),
  );
  ipcMain.handle(channels.shell, (event, message) =>
    answer(event, async () => {
      const request = parse(shellRequestSchema, message);
      return answerShell(request, { ...options, chosen });
    }),
  );
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AnThuError('general.invalid-input', { reason: parsed.error.message });
  return parsed.data;
}

function isProcedure(name: string): name is ProcedureName {
  return Object.hasOwn(procedures, name);
}

/** What names a library to load or a file to read comes from a native dialog of ours, never from the page. */
const isShellOnly = (name: ProcedureName): boolean => shellOnlyProcedures.some((each) => each === name);
