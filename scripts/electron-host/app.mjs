import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtime } from './runtime.mjs';
import { strict } from './strict.mjs';
import { record } from './trace.mjs';

export function preventable() {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}

const state = {
  name: 'electron-app',
  version: '0.0.0',
  appPath: process.cwd(),
  ready: false,
  quitting: false,
  exitCode: undefined,
  openAtLogin: false,
  paths: new Map(),
  switches: new Map(),
  closeAllWindows: async () => undefined,
};

let resolveReady;
const ready = new Promise((resolve) => {
  resolveReady = resolve;
});

class App extends EventEmitter {
  commandLine = strict('app.commandLine', {
    appendSwitch: (name, value = '') => void state.switches.set(name, String(value ?? '')),
    hasSwitch: (name) => state.switches.has(name),
    getSwitchValue: (name) => state.switches.get(name) ?? '',
  });

  get isPackaged() {
    return false;
  }

  get name() {
    return state.name;
  }

  getName() {
    return state.name;
  }

  setName(name) {
    state.name = name;
  }

  getVersion() {
    return state.version;
  }

  getAppPath() {
    return state.appPath;
  }

  getLocale() {
    return 'vi';
  }

  getSystemLocale() {
    return 'vi-VN';
  }

  setAppUserModelId(id) {
    record('app.setAppUserModelId', id);
  }

  /** As on macOS and Windows, so that the choice can be tried. */
  getLoginItemSettings() {
    return { openAtLogin: state.openAtLogin };
  }

  setLoginItemSettings(settings) {
    state.openAtLogin = settings.openAtLogin === true;
    record('app.setLoginItemSettings', settings);
  }

  /** All pages here are sandboxed anyway. */
  enableSandbox() {}

  getPath(name) {
    const config = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
    const defaults = {
      home: homedir(),
      temp: tmpdir(),
      appData: config,
      userData: join(config, state.name),
      sessionData: join(config, state.name),
      documents: join(homedir(), 'Documents'),
      downloads: join(homedir(), 'Downloads'),
      exe: process.execPath,
    };
    const path = state.paths.get(name) ?? defaults[name];
    if (!path) throw new Error(`electron-host: app.getPath('${name}') is not imitated`);
    return path;
  }

  setPath(name, path) {
    state.paths.set(name, path);
  }

  isReady() {
    return state.ready;
  }

  whenReady() {
    return ready;
  }

  requestSingleInstanceLock(additionalData = {}) {
    return takeInstanceLock(this, additionalData);
  }

  quit() {
    void quit(this);
  }

  exit(code = 0) {
    state.quitting = true;
    state.exitCode = code;
    this.emit('quit', preventable(), code);
    void runtime.cdp?.send('Browser.close').catch(() => undefined);
    // Chromium's end ends this process (boot.mjs); should it not end, or not have been started, time does.
    setTimeout(() => process.exit(code), runtime.cdp ? 2000 : 0);
  }

  focus() {}
}

export const app = strict('app', new App());

async function quit(target) {
  if (state.quitting) return;
  const before = preventable();
  target.emit('before-quit', before);
  if (before.defaultPrevented) return;
  state.quitting = true;
  const closed = await state.closeAllWindows();
  if (!closed) {
    state.quitting = false;
    return;
  }
  const will = preventable();
  target.emit('will-quit', will);
  if (will.defaultPrevented) state.quitting = false;
  else target.exit(0);
}

/** One instance for each userData folder. A later one leaves its command line for the first and gives up. */
function takeInstanceLock(target, additionalData) {
  const folder = join(target.getPath('userData'), 'electron-host-instance');
  const lock = join(folder, 'pid');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
    const call = { argv: process.argv, cwd: process.cwd(), additionalData };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(call));
    return false;
  }
  writeFileSync(lock, String(process.pid));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  watch(folder, { persistent: false }, () => {
    setTimeout(() => {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) {
        if (!name.endsWith('.json')) continue;
        const call = JSON.parse(readFileSync(join(folder, name), 'utf8'));
        rmSync(join(folder, name));
        target.emit('second-instance', preventable(), call.argv, call.cwd, call.additionalData);
      }
    }, 50);
  });
  return true;
}

function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** For the parts of the stand-in itself; not part of Electron. */
export const appInternals = {
  state,
  windowsAllClosed() {
    if (state.quitting) return;
    if (!app.emit('window-all-closed')) app.quit();
  },
  becomeReady() {
    state.ready = true;
    app.emit('ready', preventable(), {});
    resolveReady({});
  },
};
