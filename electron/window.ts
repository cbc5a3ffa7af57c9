import { join } from 'node:path';
import { BrowserWindow } from 'electron';

/** Under the stand-in of a development machine the title says so. */
const standIn = process.versions['electron'] === 'stand-in';
export const windowTitle = standIn ? 'Ấn Thư (chạy trên máy phát triển, không phải Electron)' : 'Ấn Thư';

/** The one window: sandboxed and isolated, with nothing of Node in it. */
export function createWindow(
  buildFolder: string,
  { isHidden }: { readonly isHidden: boolean },
): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: windowTitle,
    backgroundColor: '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(buildFolder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => (isHidden ? window.minimize() : window.show()));
  return window;
}
