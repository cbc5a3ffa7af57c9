import { dirname, join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { UtilityProcess } from 'electron';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { desktopTrace } from '../shell/desktop-trace.ts';

const here = dirname(fileURLToPath(import.meta.url));
const host = join(here, '..', '..', 'scripts', 'electron-host');

/** What the fixture's preload exposes. */
interface Api {
  echo(value: unknown): Promise<{ value: unknown; url: string; top: boolean }>;
  fail(): Promise<unknown>;
  twice(callback: (value: number) => number): number;
  readonly shape: { kind: string; area?: () => number };
  onTick(listener: (value: unknown) => void): () => void;
  canRequire(name: string): boolean;
}

declare global {
  // eslint-disable-next-line no-var -- a global of the page
  var api: Api;
  // eslint-disable-next-line no-var -- a global of the page
  var heard: unknown[];
  // eslint-disable-next-line no-var -- a global of the fixture's main process
  var startUtility: () => UtilityProcess;
}

let electron: ElectronApplication;
let page: Page;
let userData: string;

beforeAll(async () => {
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = host;
  userData = await mkdtemp(join(tmpdir(), 'electron-host-test-'));
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env as Record<string, string>;
  electron = await _electron.launch({ args: [join(here, 'fixture'), `--user-data-dir=${userData}`], env });
  page = await electron.firstWindow();
  await page.waitForFunction(() => 'api' in globalThis);
});

afterAll(async () => {
  await electron?.close();
  await rm(userData, { recursive: true, force: true });
});

test('the app knows its name, version and folders', async () => {
  const facts = await electron.evaluate(({ app }) => [
    app.getVersion(),
    app.getAppPath(),
    app.getPath('userData'),
    app.isPackaged,
  ]);
  expect(facts).toEqual(['1.2.3', join(here, 'fixture'), userData, false]);
});

test('a message goes to the main process and back with its types', async () => {
  const answer = await page.evaluate(async () => {
    const { value, url, top } = await globalThis.api.echo({
      when: new Date(5),
      bytes: new Uint8Array([1, 2]),
      none: undefined,
    });
    const echoed = value as { when: Date; bytes: Uint8Array };
    return [
      echoed.when instanceof Date,
      echoed.when.getTime(),
      echoed.bytes instanceof Uint8Array,
      echoed.bytes[1],
      'none' in echoed,
      url,
      top,
    ];
  });
  expect(answer).toEqual([true, 5, true, 2, true, 'app://bundle/index.html', true]);
});

test('an error of a handler arrives in the words of Electron', async () => {
  const message = await page.evaluate(() => globalThis.api.fail().catch((error: Error) => error.message));
  expect(message).toBe("Error invoking remote method 'fail': TypeError: hỏng");
});

test('functions cross the bridge, prototypes do not, and nothing can be replaced', async () => {
  const seen = await page.evaluate(() => [
    globalThis.api.twice((value) => value * 10),
    globalThis.api.shape.kind,
    typeof globalThis.api.shape.area,
    Object.isFrozen(globalThis.api),
    Object.isFrozen(globalThis.api.shape),
  ]);
  expect(seen).toEqual([30, 'shape', 'undefined', true, true]);
});

test('a sandboxed preload has electron and nothing else', async () => {
  expect(
    await page.evaluate(() =>
      ['electron', 'fs', 'node:fs', './x.cjs'].map((name) => globalThis.api.canRequire(name)),
    ),
  ).toEqual([true, false, false, false]);
});

test('the main process sends to the page until the page stops listening', async () => {
  await page.evaluate(() => {
    globalThis.heard = [];
    const stop = globalThis.api.onTick((value) => {
      stop();
      globalThis.heard.push(value);
    });
  });
  await electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    contents?.send('tick', { n: 1 });
    contents?.send('tick', { n: 2 });
  });
  await expect.poll(() => page.evaluate(() => globalThis.heard)).toEqual([{ n: 1 }]);
});

test('workers and fetches are answered by the protocol handler', async () => {
  const text = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker('/worker.js');
        worker.addEventListener('message', (event) => resolve(event.data));
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
        worker.postMessage(1);
      }),
  );
  expect(text).toBe('from the app');
  expect(await page.evaluate(async () => (await fetch('/missing')).status)).toBe(404);
});

test('a utility process has a parent port, arguments and environment, and its end is told', async () => {
  const outcome = await electron.evaluate(async () => {
    const child = globalThis.startUtility();
    const answer = new Promise((resolve) => void child.once('message', resolve));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
    child.postMessage(new Map([['a', 1]]));
    const said = (await answer) as { args: string[]; x: string; hasSend: boolean; data: unknown };
    const end = new Promise((resolve) => void child.once('exit', resolve));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
    child.postMessage('die');
    return {
      args: said.args,
      x: said.x,
      hasSend: said.hasSend,
      map: said.data instanceof Map,
      code: await end,
    };
  });
  expect(outcome).toEqual({ args: ['first'], x: 'y', hasSend: false, map: true, code: 7 });
});

test('pictures and prints of the page are made', async () => {
  const made = await electron.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents;
    const picture = await contents.capturePage();
    const print = await contents.printToPDF({ pageSize: 'A4' });
    return {
      size: picture.getSize(),
      png: picture.toPNG().subarray(1, 4).toString(),
      pdf: print.subarray(0, 5).toString(),
    };
  });
  expect(made).toEqual({ size: { width: 640, height: 480 }, png: 'PNG', pdf: '%PDF-' });
});

test('safeStorage seals and opens, and owns up to being weak here', async () => {
  const seen = await electron.evaluate(({ safeStorage }) => {
    const sealed = safeStorage.encryptString('bí mật');
    return [
      sealed.includes('bí mật'),
      safeStorage.decryptString(sealed),
      safeStorage.getSelectedStorageBackend(),
    ];
  });
  expect(seen).toEqual([false, 'bí mật', 'basic_text']);
});

test('what the desktop would show is kept for tests, and answered as cancelled', async () => {
  const { canceled } = await electron.evaluate(({ dialog }) =>
    dialog.showOpenDialog({ properties: ['openDirectory'] }),
  );
  expect(canceled).toBe(true);
  expect((await desktopTrace(electron)).map(({ what }) => what)).toEqual(['dialog.showOpenDialog']);
});

test('anything that is not imitated throws', async () => {
  const messages = await electron.evaluate(({ app, BrowserWindow, dialog, session }) => {
    const attempts = [
      () => app.dock,
      () => session.fromPartition('x'),
      () => dialog.showCertificateTrustDialog({ certificate: {} as never, message: '' }),
      () => new BrowserWindow({ kiosk: true }),
      () => new BrowserWindow({ webPreferences: { sandbox: false } }),
      () => new BrowserWindow({ webPreferences: { nodeIntegration: true } }),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'went through';
      } catch (error) {
        return String(error);
      }
    });
  });
  for (const message of messages) expect(message).toContain('electron-host');
});

test('closing the last window ends the app', async () => {
  const ended = new Promise((resolve) => void electron.process().once('exit', (code) => resolve(code)));
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await ended).toBe(0);
});
