import { record } from './trace.mjs';
import { EventEmitter } from 'node:events';
import { app, appInternals, preventable } from './app.mjs';
import { headless, openTarget } from './chromium.mjs';
import { runtime } from './runtime.mjs';
import { refuseUnknown, strict } from './strict.mjs';
import { createWebContents } from './web-contents.mjs';

const knownOptions = [
  'width',
  'height',
  'minWidth',
  'minHeight',
  'show',
  'title',
  'icon',
  'backgroundColor',
  'autoHideMenuBar',
  'webPreferences',
];
const knownPreferences = [
  'preload',
  'sandbox',
  'contextIsolation',
  'nodeIntegration',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'webviewTag',
  'webSecurity',
  'allowRunningInsecureContent',
  'spellcheck',
  'devTools',
  'navigateOnDragDrop',
];
const windows = new Set();
let lastId = 0;

class Window extends EventEmitter {
  constructor(options) {
    super();
    const preferences = options.webPreferences ?? {};
    refuseUnknown('BrowserWindow', options, knownOptions);
    refuseUnknown('webPreferences', preferences, knownPreferences);
    if (
      preferences.nodeIntegration ||
      preferences.contextIsolation === false ||
      preferences.sandbox === false
    ) {
      throw new Error('electron-host: only sandboxed, isolated windows are imitated');
    }
    this.id = ++lastId;
    this.hostSize = { width: options.width ?? 800, height: options.height ?? 600 };
    this.hostTitle = options.title;
    this.hostDestroyed = false;
    this.webContents = createWebContents(preferences.preload);
  }

  async hostOpen(self) {
    const { cdp } = runtime;
    runtime.opening++;
    try {
      const targetId = await openTarget(runtime.chromium, this.hostSize);
      await this.webContents.hostAttach(this.webContents, targetId);
      if (headless) {
        await this.webContents.hostSend('Emulation.setDeviceMetricsOverride', {
          ...this.hostSize,
          deviceScaleFactor: 1,
          mobile: false,
        });
      } else {
        const { windowId } = await cdp.send('Browser.getWindowForTarget', { targetId });
        await cdp.send('Browser.setWindowBounds', { windowId, bounds: { ...this.hostSize } });
      }
      const destroyed = ({ targetId: gone }) => {
        if (gone !== targetId) return;
        cdp.off('/Target.targetDestroyed', destroyed);
        this.hostClosed(self);
      };
      cdp.on('/Target.targetDestroyed', destroyed);
    } finally {
      runtime.opening--;
    }
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    this.webContents.on('did-finish-load', () => this.hostShowTitle());
  }

  hostShowTitle() {
    if (this.hostTitle === undefined) return;
    void this.webContents
      .executeJavaScript(`void (document.title = ${JSON.stringify(this.hostTitle)})`)
      .catch(() => undefined);
  }

  hostClosed(self) {
    if (this.hostDestroyed) return;
    this.hostDestroyed = true;
    windows.delete(self);
    this.webContents.hostGone();
    this.emit('closed');
    if (windows.size === 0) appInternals.windowsAllClosed();
  }

  loadURL(url) {
    return this.webContents.loadURL(url);
  }

  isDestroyed() {
    return this.hostDestroyed;
  }

  close() {
    const event = preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy() {
    void this.webContents.hostReady.then(() => this.webContents.close());
  }

  setTitle(title) {
    this.hostTitle = title;
    this.hostShowTitle();
  }

  getTitle() {
    return this.hostTitle ?? '';
  }

  getContentBounds() {
    return { x: 0, y: 0, ...this.hostSize };
  }

  /** Chromium's windows cannot be hidden: they are there from the start. */
  show() {
    this.emit('show');
  }

  focus() {
    void this.webContents.hostReady
      .then(() => this.webContents.hostSend('Page.bringToFront'))
      .catch(() => undefined);
  }

  isVisible() {
    return !this.hostDestroyed;
  }

  minimize() {
    record('BrowserWindow.minimize');
  }

  /** Nobody sits here: what is open counts as looked at. */
  isFocused() {
    return !this.hostDestroyed;
  }

  isMinimized() {
    return false;
  }

  restore() {}

  setMenuBarVisibility() {}
}

/** Electron's class; `new` gives a strict view of the window. */
export class BrowserWindow {
  constructor(options = {}) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const window = strict('BrowserWindow', new Window(options));
    windows.add(window);
    window.webContents.hostReady = window.hostOpen(window);
    window.webContents.hostReady.catch((error) => process.stderr.write(`electron-host: ${error.stack}\n`));
    app.emit('browser-window-created', preventable(), window);
    return window;
  }

  static getAllWindows() {
    return [...windows];
  }

  static getFocusedWindow() {
    return [...windows].at(-1) ?? null;
  }

  static fromWebContents(contents) {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  static [Symbol.hasInstance](value) {
    return windows.has(value);
  }
}

appInternals.state.closeAllWindows = async () => {
  for (const window of windows) {
    const closed = new Promise((resolve) => window.once('closed', () => resolve(true)));
    const event = preventable();
    window.emit('close', event);
    if (event.defaultPrevented) return false;
    window.destroy();
    await closed;
  }
  return true;
};

/** Closes whatever page appears that the app did not open, after telling the window it came from. */
export async function watchForPopups() {
  const { cdp } = runtime;
  cdp.on('/Target.targetCreated', ({ targetInfo }) => {
    if (targetInfo.type !== 'page' || runtime.contentsByTarget.has(targetInfo.targetId)) return;
    const opener = runtime.contentsByTarget.get(targetInfo.openerId);
    if (!opener && runtime.opening > 0) return;
    opener?.hostOpenRequested(targetInfo.url);
    void cdp.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => undefined);
  });
  await cdp.send('Target.setDiscoverTargets', { discover: true });
}
