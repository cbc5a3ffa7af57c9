import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cdp } from './cdp.mjs';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Windows are shown when there is a display to show them on, else Chromium runs headless. */
export const headless = !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;

function findChromium() {
  const found = process.env.CHROMIUM_PATH ?? candidates.find((path) => existsSync(path));
  if (!found)
    throw new Error(
      'electron-host: no Chromium found; install it (apt-get install chromium) or set CHROMIUM_PATH',
    );
  return found;
}

/**
 * Starts Chromium with an empty profile of its own, spoken to over pipes.
 *
 * @param {ReadonlyMap<string, string>} switches the app's own switches and those of the command line
 */
export async function startChromium(switches) {
  const executable = findChromium();
  const profile = mkdtempSync(join(tmpdir(), 'electron-host-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ translate: { enabled: false } }));

  const flags = new Map([
    ['no-first-run', ''],
    ['no-default-browser-check', ''],
    ['no-startup-window', ''],
    ['disable-background-networking', ''],
    ['disable-component-update', ''],
    ['disable-extensions', ''],
    ['disable-sync', ''],
    ['disable-infobars', ''],
    ['disable-popup-blocking', ''],
    ['force-color-profile', 'srgb'],
    ['password-store', 'basic'],
    ['test-type', ''],
    ...switches,
    ['remote-debugging-pipe', ''],
    ['user-data-dir', profile],
  ]);
  if (headless) flags.set('headless', 'new');
  if (process.getuid?.() === 0) flags.set('no-sandbox', '');
  const args = [...flags].map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));

  // A process group of its own, so that all of Chromium's processes can be ended together.
  const child = spawn(executable, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stderr.on('data', (chunk) => passOn(String(chunk)));
  const cdp = new Cdp(child.stdio[3], child.stdio[4]);
  const removeProfile = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  process.once('exit', removeProfile);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  await Promise.race([
    cdp.send('Browser.getVersion'),
    new Promise((_, reject) =>
      child.once('error', (error) => reject(new Error(`electron-host: ${error.message}`))),
    ),
  ]);
  return { cdp, executable, profile, child };
}

/** Chromium fills its standard error with remarks about a missing desktop; only what a driver waits for goes on. */
function passOn(text) {
  for (const line of text.split('\n')) {
    if (line.startsWith('DevTools listening') || process.env.ELECTRON_HOST_VERBOSE)
      process.stderr.write(`${line}\n`);
  }
}

/**
 * Opens a window and gives back its target id. With a display it is an app window (no tabs, no address bar), which
 * Chromium opens when it is started again on the same profile; headless it is a plain target.
 */
export async function openTarget({ cdp, executable, profile }, { width, height }) {
  if (headless) {
    const { targetId } = await cdp.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      width,
      height,
    });
    return targetId;
  }
  const url = `https://window-${process.hrtime.bigint()}.host.invalid/`;
  const found = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('electron-host: Chromium opened no window')), 15_000);
    const look = ({ targetInfo }) => {
      if (targetInfo.type !== 'page' || !targetInfo.url.startsWith(url)) return;
      clearTimeout(timer);
      cdp.off('/Target.targetCreated', look);
      cdp.off('/Target.targetInfoChanged', look);
      resolve(targetInfo.targetId);
    };
    cdp.on('/Target.targetCreated', look);
    cdp.on('/Target.targetInfoChanged', look);
  });
  const args = [`--user-data-dir=${profile}`, `--app=${url}`, `--window-size=${width},${height}`];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  spawn(executable, args, { stdio: 'ignore' }).unref();
  return found;
}
