import type { z } from 'zod';
import { dialog, ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { procedures, type ProcedureName } from '../core/contract/procedures.ts';
import { AnThuError, toErrorValue } from '../core/shared/errors.ts';
import {
  callRequestSchema,
  channels,
  shellRequestSchema,
  type CallReply,
  type ShellRequest,
} from './channels.ts';
import { isTrustedSender } from './trusted-sender.ts';

interface PageChannelOptions {
  readonly window: () => BrowserWindow | undefined;
  readonly callEngine: (procedure: ProcedureName, input: unknown) => Promise<unknown>;
}

/** Answers the page. Whatever is wrong with a message becomes an error value; nothing is thrown across. */
export function servePage(options: PageChannelOptions): void {
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
      if (!isProcedure(procedure)) {
        throw new AnThuError('general.invalid-input', { reason: `unknown procedure ${procedure}` });
      }
      const inputSchema: z.ZodType = procedures[procedure].input;
      return options.callEngine(procedure, parse(inputSchema, input));
    }),
  );
  ipcMain.handle(channels.shell, (event, message) =>
    answer(event, () => runShellRequest(parse(shellRequestSchema, message), options.window())),
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

async function runShellRequest(request: ShellRequest, window: BrowserWindow | undefined): Promise<unknown> {
  if (window === undefined) return null;
  if (request.action === 'choose-folder') {
    const folder = await dialog.showOpenDialog(window, {
      title: 'Chọn thư mục',
      properties: ['openDirectory', 'createDirectory'],
    });
    return folder.canceled ? null : (folder.filePaths[0] ?? null);
  }
  const files = await dialog.showOpenDialog(window, {
    title: 'Chọn tệp quét',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Bản quét (PDF, JPEG, PNG, TIFF)', extensions: ['pdf', 'jpg', 'jpeg', 'png', 'tif', 'tiff'] },
    ],
  });
  return files.canceled ? null : files.filePaths;
}
