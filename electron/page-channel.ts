import type { z } from 'zod';
import {
  dialog,
  ipcMain,
  type BrowserWindow,
  type IpcMainInvokeEvent,
  type OpenDialogOptions,
} from 'electron';
import { procedures, shellOnlyProcedures, type ProcedureName } from '../core/contract/procedures.ts';
import { AnThuError, toErrorValue } from '../core/shared/errors.ts';
import type { MachineSettings } from '../core/shared/machine-settings.ts';
import {
  callRequestSchema,
  channels,
  shellRequestSchema,
  type CallReply,
  type ShellRequest,
} from './channels.ts';
import { chooseAnchorFile } from './anchor-file-dialog.ts';
import { ChosenPaths } from './chosen-paths.ts';
import { addTokenModule, removeTokenModule } from './token-module-dialog.ts';
import { chooseStart, shellPreferences } from './desktop-manners.ts';
import { installUpdateFromFile } from './updates.ts';
import { isTrustedSender } from './trusted-sender.ts';

interface PageChannelOptions {
  readonly policy: MachineSettings['policy'];
  readonly window: () => BrowserWindow | undefined;
  readonly callEngine: (procedure: ProcedureName, input: unknown) => Promise<unknown>;
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
      if (request.action === 'add-token-module' || request.action === 'remove-token-module')
        return changeTokenModules(request, options);
      if (request.action === 'choose-anchor-file') return readAnchorFile(options);
      if (request.action === 'preferences') return shellPreferences(options.policy);
      if (request.action === 'start-with-system') return chooseStart(request.value, options.policy);
      if (request.action === 'install-update') return installUpdate(options);
      const paths = await choosePaths(request, options.window());
      chosen.remember(paths);
      if (paths.length === 0) return null;
      return request.action === 'choose-folder' ? paths[0] : paths;
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

async function readAnchorFile({ window: currentWindow, callEngine }: PageChannelOptions) {
  const window = currentWindow();
  return window === undefined ? null : chooseAnchorFile({ window, callEngine });
}

async function installUpdate({ policy, window: currentWindow, callEngine }: PageChannelOptions) {
  const window = currentWindow();
  return window === undefined ? null : installUpdateFromFile(policy, { window, callEngine });
}

function changeTokenModules(
  request: Extract<ShellRequest, { action: 'add-token-module' | 'remove-token-module' }>,
  { window: currentWindow, callEngine }: PageChannelOptions,
): Promise<unknown> {
  const window = currentWindow();
  if (window === undefined) return Promise.resolve(null);
  const asking = { window, callEngine };
  return request.action === 'add-token-module'
    ? addTokenModule(asking)
    : removeTokenModule(asking, request.path);
}

/** Asks the person; nothing chosen is an empty list. */
async function choosePaths(
  request: Extract<ShellRequest, { action: 'choose-folder' | 'choose-files' }>,
  window: BrowserWindow | undefined,
): Promise<readonly string[]> {
  if (window === undefined) return [];
  const options: OpenDialogOptions =
    request.action === 'choose-folder'
      ? { title: 'Chọn thư mục', properties: ['openDirectory', 'createDirectory'] }
      : {
          title: 'Chọn tệp quét',
          properties: ['openFile', 'multiSelections'],
          filters: [
            {
              name: 'Bản quét (PDF, JPEG, PNG, TIFF)',
              extensions: ['pdf', 'jpg', 'jpeg', 'png', 'tif', 'tiff'],
            },
          ],
        };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}
