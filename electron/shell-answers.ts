import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { MachineSettings } from '../core/shared/machine-settings.ts';
import { chooseAnchorFile } from './anchor-file-dialog.ts';
import type { Asking } from './asking.ts';
import type { ShellRequest } from './channels.ts';
import type { ChosenPaths } from './chosen-paths.ts';
import { saveBook } from './book-dialog.ts';
import { chooseStart, shellPreferences } from './desktop-manners.ts';
import type { ShellTranslate } from './messages.ts';
import { addTokenModule, removeTokenModule } from './token-module-dialog.ts';
import { installUpdateFromFile } from './updates.ts';

interface Parts extends Pick<Asking, 'callEngine'> {
  readonly policy: MachineSettings['policy'];
  readonly window: () => BrowserWindow | undefined;
  readonly chosen: ChosenPaths;
  readonly speak: () => Promise<ShellTranslate>;
}

/** Does what the page asks of the shell; null when the person chose nothing, or no window is there to ask before. */
export async function answerShell(
  request: ShellRequest,
  { policy, window: currentWindow, callEngine, chosen, speak }: Parts,
): Promise<unknown> {
  if (request.action === 'preferences') return shellPreferences(policy);
  if (request.action === 'start-with-system') return chooseStart(request.value, policy);
  const t = await speak();
  const window = currentWindow();
  if (window === undefined) return null;
  const asking = { window, t, callEngine };
  switch (request.action) {
    case 'add-token-module':
      return addTokenModule(asking);
    case 'remove-token-module':
      return removeTokenModule(asking, request.path);
    case 'choose-anchor-file':
      return chooseAnchorFile(asking);
    case 'save-book':
      return saveBook(asking, request);
    case 'install-update':
      return installUpdateFromFile(policy, asking);
    case 'choose-folder':
    case 'choose-files': {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, pathDialog(request.action, t));
      if (canceled || filePaths.length === 0) return null;
      chosen.remember(filePaths);
      return request.action === 'choose-folder' ? filePaths[0] : filePaths;
    }
  }
}

function pathDialog(action: 'choose-folder' | 'choose-files', t: ShellTranslate): OpenDialogOptions {
  if (action === 'choose-folder')
    return { title: t('folder.choose'), properties: ['openDirectory', 'createDirectory'] };
  const extensions = ['pdf', 'jpg', 'jpeg', 'png', 'tif', 'tiff', 'edxml'];
  return {
    title: t('files.choose'),
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: t('files.kinds'), extensions }],
  };
}
