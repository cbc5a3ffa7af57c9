import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { MachineSettings } from '../core/shared/machine-settings.ts';
import { chooseAnchorFile } from './anchor-file-dialog.ts';
import type { Asking } from './asking.ts';
import type { ShellRequest } from './channels.ts';
import type { ChosenPaths } from './chosen-paths.ts';
import { chooseStart, shellPreferences } from './desktop-manners.ts';
import { addTokenModule, removeTokenModule } from './token-module-dialog.ts';
import { installUpdateFromFile } from './updates.ts';

interface Parts extends Pick<Asking, 'callEngine'> {
  readonly policy: MachineSettings['policy'];
  readonly window: () => BrowserWindow | undefined;
  readonly chosen: ChosenPaths;
}

/** Does what the page asks of the shell; null when the person chose nothing, or no window is there to ask before. */
export async function answerShell(
  request: ShellRequest,
  { policy, window: currentWindow, callEngine, chosen }: Parts,
): Promise<unknown> {
  if (request.action === 'preferences') return shellPreferences(policy);
  if (request.action === 'start-with-system') return chooseStart(request.value, policy);
  const window = currentWindow();
  if (window === undefined) return null;
  const asking = { window, callEngine };
  switch (request.action) {
    case 'add-token-module':
      return addTokenModule(asking);
    case 'remove-token-module':
      return removeTokenModule(asking, request.path);
    case 'choose-anchor-file':
      return chooseAnchorFile(asking);
    case 'install-update':
      return installUpdateFromFile(policy, asking);
    case 'choose-folder':
    case 'choose-files': {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, pathDialogs[request.action]);
      if (canceled || filePaths.length === 0) return null;
      chosen.remember(filePaths);
      return request.action === 'choose-folder' ? filePaths[0] : filePaths;
    }
  }
}

const pathDialogs: Readonly<Record<'choose-folder' | 'choose-files', OpenDialogOptions>> = {
  'choose-folder': { title: 'Chọn thư mục', properties: ['openDirectory', 'createDirectory'] },
  'choose-files': {
    title: 'Chọn tệp quét hoặc gói văn bản điện tử',
    properties: ['openFile', 'multiSelections'],
    filters: [
      {
        name: 'Bản quét (PDF, JPEG, PNG, TIFF), văn bản điện tử (EDXML)',
        extensions: ['pdf', 'jpg', 'jpeg', 'png', 'tif', 'tiff', 'edxml'],
      },
    ],
  },
};
