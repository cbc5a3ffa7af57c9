/** What `import … from 'electron'` and `require('electron')` give in the main process of the stand-in. */
import { app, appInternals } from './app.mjs';
import { createSafeStorage } from './desktop.mjs';
import { trace } from './trace.mjs';

export { app };
export { BrowserWindow } from './browser-window.mjs';
export { webContents } from './web-contents.mjs';
export { ipcMain } from './ipc-main.mjs';
export { protocol } from './protocol.mjs';
export { session } from './session.mjs';
export { utilityProcess } from './utility-process.mjs';
export {
  clipboard,
  dialog,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  screen,
  shell,
} from './desktop.mjs';
export const safeStorage = createSafeStorage(
  () => appInternals.state.paths.get('userData') ?? app.getPath('userData'),
);

/** Not in Electron: how tests see what went to the desktop. */
export const standIn = { trace };
