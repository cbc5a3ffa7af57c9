import { EventEmitter } from 'node:events';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strict } from './strict.mjs';
import { record } from './trace.mjs';

/** Native parts that have no counterpart here: each call is recorded, and answered as if the person had cancelled. */
export const dialog = strict('dialog', {
  async showOpenDialog(...args) {
    record('dialog.showOpenDialog', args.at(-1));
    return { canceled: true, filePaths: [] };
  },
  async showSaveDialog(...args) {
    record('dialog.showSaveDialog', args.at(-1));
    return { canceled: true, filePath: '' };
  },
  async showMessageBox(...args) {
    const options = args.at(-1);
    record('dialog.showMessageBox', options);
    return { response: options.cancelId ?? 0, checkboxChecked: false };
  },
  showErrorBox(title, content) {
    record('dialog.showErrorBox', { title, content });
    process.stderr.write(`${title}\n${content}\n`);
  },
});

let applicationMenu = null;

export const Menu = strict('Menu', {
  buildFromTemplate: (template) => ({ items: template }),
  setApplicationMenu(menu) {
    applicationMenu = menu;
    record(
      'Menu.setApplicationMenu',
      menu === null ? null : menu.items.map((item) => item.label ?? item.role),
    );
  },
  getApplicationMenu: () => applicationMenu,
});

export class Notification extends EventEmitter {
  static isSupported() {
    return false;
  }

  constructor(options) {
    super();
    this.options = options;
  }

  show() {
    record('Notification.show', this.options);
  }

  close() {}
}

export const shell = strict('shell', {
  async openExternal(url) {
    record('shell.openExternal', url);
  },
  async openPath(path) {
    record('shell.openPath', path);
    return '';
  },
  showItemInFolder: (path) => record('shell.showItemInFolder', path),
});

export const clipboard = strict('clipboard', {
  writeText: (text) => record('clipboard.writeText', text),
});

/** Nothing locks or suspends here; tests emit the events themselves. */
export const powerMonitor = strict('powerMonitor', new EventEmitter());

export const nativeTheme = strict(
  'nativeTheme',
  Object.assign(new EventEmitter(), { shouldUseDarkColors: false, themeSource: 'system' }),
);

const display = {
  id: 1,
  scaleFactor: 1,
  bounds: { x: 0, y: 0, width: 1280, height: 800 },
  workArea: { x: 0, y: 0, width: 1280, height: 800 },
  workAreaSize: { width: 1280, height: 800 },
};

export const screen = strict(
  'screen',
  Object.assign(new EventEmitter(), { getPrimaryDisplay: () => display, getAllDisplays: () => [display] }),
);

/**
 * AES-GCM under a key in a file that only its owner can read. It is as weak as Electron's own `basic_text` and reports
 * itself as that; on Windows the real one uses DPAPI.
 */
export function createSafeStorage(userData) {
  const key = () => {
    const path = join(userData(), 'electron-host-key');
    try {
      return readFileSync(path);
    } catch {
      writeFileSync(path, randomBytes(32), { mode: 0o600 });
      return readFileSync(path);
    }
  };
  return strict('safeStorage', {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => 'basic_text',
    encryptString(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key(), nonce);
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    decryptString(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
  });
}
