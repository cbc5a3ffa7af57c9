import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startShellApp, type ShellApp } from './shell-app.ts';

/** The page's view of the bridge, loosely typed: these tests misuse it on purpose. */
interface Bridge {
  readonly version: string;
  call(procedure: unknown, input: unknown): Promise<unknown>;
  onEvent(listener: (name: string, value: unknown) => void): () => void;
  readonly shell: {
    chooseFolder(): Promise<unknown>;
    chooseFiles(): Promise<unknown>;
    addTokenModule(): Promise<unknown>;
    removeTokenModule(path: string): Promise<unknown>;
    preferences(): Promise<unknown>;
    installUpdate(): Promise<unknown>;
  };
}

declare global {
  // eslint-disable-next-line no-var -- a global of the page
  var anThu: Bridge;
}

let app: ShellApp;

beforeAll(async () => {
  app = await startShellApp();
});

afterAll(async () => {
  await app?.close();
});

const urlOfWindow = () =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());

/** Calls a procedure from the page; gives the value or the error value. */
function call(procedure: unknown, input: unknown): Promise<unknown> {
  return app.page.evaluate(
    async ([procedure, input]) => {
      try {
        return await globalThis.anThu.call(procedure, input);
      } catch (error) {
        const text = String(error);
        return JSON.parse(text.slice(text.indexOf('{')));
      }
    },
    [procedure, input] as const,
  );
}

describe('the page', () => {
  test('has nothing of Node or Electron', async () => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'];
    const found = await app.page.evaluate((list) => list.filter((name) => name in globalThis), names);
    expect(found).toEqual([]);
  });

  test('gets one frozen object that names the version', async () => {
    const seen = await app.page.evaluate(() => ({
      version: globalThis.anThu.version,
      frozen: Object.isFrozen(globalThis.anThu) && Object.isFrozen(globalThis.anThu.shell),
      replaceable: Reflect.set(globalThis, 'anThu', 1),
    }));
    expect(seen).toEqual({ version: '9.9.9', frozen: true, replaceable: false });
  });

  test('is under a strict content security policy', async () => {
    const policy = await app.page.evaluate(async () =>
      (await fetch('/index.html')).headers.get('content-security-policy'),
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    // The page itself tries (fixture/renderer/page.js): what a driver evaluates is exempt from the policy.
    const ran = await app.page.evaluate(() => document.documentElement.dataset['ran']);
    expect(ran).toBe('');
  });

  test('cannot compile WebAssembly; the worker that decodes pictures can', async () => {
    await expect
      .poll(() => app.page.evaluate(() => document.documentElement.dataset['workerWasm']))
      .toBe('compiled');
    expect(await app.page.evaluate(() => document.documentElement.dataset['wasm'])).toBe('refused');
  });
});

describe('the way out', () => {
  test('following links, scripts and frames stays on our page', async () => {
    const before = await urlOfWindow();
    await app.page.evaluate(() => {
      for (const address of [
        'https://example.invalid/',
        'https://example.invalid/?next=app://bundle/',
        'app://bundle.evil/',
        'app://x@bundle/',
        'app://bundle/page.js',
        'file:///etc/passwd',
        'data:text/html,<h1>x</h1>',
      ]) {
        const link = document.createElement('a');
        link.href = address;
        document.body.append(link);
        link.click();
        link.remove();
      }
      const frame = document.createElement('iframe');
      frame.src = '/index.html';
      document.body.append(frame);
    });
    await app.page.waitForTimeout(300);
    expect(await urlOfWindow()).toBe(before);
    expect(await app.page.evaluate(() => document.querySelector('h1')?.textContent)).toContain('Trang thử');
    const frame = await app.page.evaluate(() => {
      try {
        return globalThis.frames[0]?.document.body?.textContent ?? '';
      } catch {
        return 'an error page';
      }
    });
    expect(frame).not.toContain('Trang');
  });

  test('no second window opens', async () => {
    const opened = await app.page.evaluate(() => {
      const link = document.createElement('a');
      link.href = '/index.html';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      return window.open('/index.html');
    });
    await app.page.waitForTimeout(300);
    expect(opened).toBeNull();
    expect(app.electron.windows()).toHaveLength(1);
  });

  test('nothing is fetched from elsewhere, not even from this machine', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests++;
      response.setHeader('access-control-allow-origin', '*');
      response.end('x');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const failed = await app.page.evaluate(
      (url) =>
        fetch(url).then(
          () => false,
          () => true,
        ),
      `http://127.0.0.1:${port}/`,
    );
    // The main process refuses as well, should the policy ever be too wide.
    const refused = await app.electron.evaluate(
      async ({ BrowserWindow }, url) =>
        BrowserWindow.getAllWindows()[0]
          ?.webContents.loadURL(url)
          .then(
            () => false,
            () => true,
          ),
      `http://127.0.0.1:${port}/`,
    );
    server.close();
    expect({ failed, refused, requests }).toEqual({ failed: true, refused: true, requests: 0 });
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.loadURL('app://bundle/index.html'),
    );
    await app.page.waitForFunction(() => document.documentElement.dataset['ready'] === '1');
  });

  test('permissions are denied without asking', async () => {
    const states = await app.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
      return Promise.all(
        names.map(async (name) => (await navigator.permissions.query({ name: name as 'geolocation' })).state),
      );
    });
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
  });
});

describe('the protocol', () => {
  const statusOf = (path: string) => app.page.evaluate(async (url) => (await fetch(url)).status, path);

  test('serves the page and nothing above it', async () => {
    expect(await statusOf('/index.html')).toBe(200);
    for (const path of [
      '/../engine.mjs',
      '/%2e%2e/engine.mjs',
      '/..%2fengine.mjs',
      '/%2e%2e%2fengine.mjs',
      '/..%5cengine.mjs',
      '/renderer/../../package.json',
      '/%00index.html',
      '/%E0%A4%A',
      '/c:/windows/win.ini',
      '/index.html::$DATA',
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 404]);
    }
  });

  test('gives a stored object as the engine names it, also in parts', async () => {
    await writeFile(join(app.dataFolder, 'object.pdf'), '0123456789');
    const sha256 = 'a'.repeat(64);
    const answers = await app.page.evaluate(async (url) => {
      const ask = async (range?: string) => {
        const response = await fetch(url, range === undefined ? {} : { headers: { range } });
        return [response.status, response.headers.get('content-range'), await response.text()];
      };
      return [
        await ask(),
        await ask('bytes=2-4'),
        await ask('bytes=-3'),
        await ask('bytes=7-'),
        await ask('bytes=20-30'),
      ];
    }, `/object/${sha256}`);
    expect(answers).toEqual([
      [200, null, '0123456789'],
      [206, 'bytes 2-4/10', '234'],
      [206, 'bytes 7-9/10', '789'],
      [206, 'bytes 7-9/10', '789'],
      [416, 'bytes */10', ''],
    ]);
    expect(await statusOf(`/object/${'0'.repeat(64)}`)).toBe(404);
    expect(await statusOf(`/object/${'g'.repeat(64)}`)).toBe(404);
    expect(await statusOf('/object/../index.html')).toBe(200);
  });
});

describe('the channel', () => {
  test('carries calls, answers, errors and events', async () => {
    const heard = app.page.evaluate(
      () =>
        new Promise((resolve) => {
          const stop = globalThis.anThu.onEvent((name, value) => {
            stop();
            resolve([name, value]);
          });
        }),
    );
    expect(await call('register.list', { query: 'đường' })).toEqual({
      query: 'đường',
      offset: 0,
      limit: 100,
    });
    expect(await heard).toEqual(['sync.changed', { procedure: 'register.list' }]);
    expect(await call('document.object-path', { sha256: '0'.repeat(64) })).toMatchObject({
      code: 'general.not-found',
    });
  });

  test('refuses what the contract does not know', async () => {
    for (const [procedure, input] of [
      ['toString', {}],
      ['__proto__', {}],
      ['engine.exec', {}],
      ['register.list', { limit: 'all' }],
      ['register.list', null],
      [{ procedure: 'engine.status' }, {}],
      ['x'.repeat(101), {}],
    ]) {
      expect(await call(procedure, input)).toMatchObject({ code: 'general.invalid-input' });
    }
  });

  test('refuses another window, though it shows our page with our preload', async () => {
    const answer = await app.electron.evaluate(async ({ app: electronApp, BrowserWindow }) => {
      const preload = `${electronApp.getAppPath()}/build/preload.cjs`;
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await foreign.loadURL('app://bundle/index.html');
      const text: unknown = await foreign.webContents.executeJavaScript(
        "anThu.call('engine.status', {}).then(() => 'answered', (error) => error.message)",
      );
      foreign.destroy();
      return text;
    });
    expect(String(answer)).toContain('untrusted sender');
  });

  test('asks the person for a folder', async () => {
    await app.electron.evaluate(({ dialog }) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ['/srv/scans'] });
    });
    expect(await app.page.evaluate(() => globalThis.anThu.shell.chooseFolder())).toBe('/srv/scans');
  });
});

describe('paths that the page names', () => {
  const dialogAnswers = (filePaths: string[]) =>
    app.electron.evaluate(({ dialog }, paths) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: paths });
    }, filePaths);

  test('files are taken in only when the person chose them', async () => {
    const files = ['/srv/a.pdf', '/srv/b.pdf'];
    expect(await call('intake.add', { paths: files })).toMatchObject({ code: 'general.invalid-input' });
    await dialogAnswers(files);
    expect(await app.page.evaluate(() => globalThis.anThu.shell.chooseFiles())).toEqual(files);
    expect(await call('intake.add', { paths: files })).toEqual({ paths: files });
    expect(await call('intake.add', { paths: [...files, '/etc/passwd'] })).toMatchObject({
      code: 'general.invalid-input',
    });
  });

  test('folders are watched only when the person chose them, or watched already', async () => {
    const folders = (...paths: string[]) => ({
      watchedFolders: paths.map((path) => ({ path, polling: false })),
    });
    expect(await call('settings.set', folders('/srv/watched'))).toEqual(folders('/srv/watched'));
    expect(await call('settings.set', folders('/srv/watched', '/root'))).toMatchObject({
      code: 'general.invalid-input',
    });
    await dialogAnswers(['/srv/new']);
    await app.page.evaluate(() => globalThis.anThu.shell.chooseFolder());
    expect(await call('settings.set', folders('/srv/watched', '/srv/new'))).toEqual(
      folders('/srv/watched', '/srv/new'),
    );
    expect(await call('settings.set', { language: 'en' })).toEqual({ language: 'en' });
  });
});

describe('libraries of tokens', () => {
  const answers = (filePaths: string[], button: number) =>
    app.electron.evaluate(
      ({ dialog }, { paths, response }) => {
        dialog.showOpenDialog = async () => ({ canceled: paths.length === 0, filePaths: paths });
        dialog.showMessageBox = async () => ({ response, checkboxChecked: false });
      },
      { paths: filePaths, response: button },
    );
  const add = () => app.page.evaluate(() => globalThis.anThu.shell.addTokenModule());

  test('cannot be named by the page, whatever it asks', async () => {
    for (const procedure of ['tokens.add-module', 'tokens.remove-module'])
      expect(await call(procedure, { path: '/tmp/evil.so' })).toMatchObject({
        code: 'general.invalid-input',
      });
    const settings = await call('settings.set', {
      signing: { modules: ['/tmp/evil.so'], softTokens: ['/x'] },
    });
    expect(settings).toEqual({ signing: {} });
  });

  test('are added by the person, in a native dialog and after a question', async () => {
    await answers(['/usr/lib/maker.so'], 0);
    expect(await add()).toBeNull();
    await answers([], 1);
    expect(await add()).toBeNull();
    await answers(['/usr/lib/maker.so'], 1);
    expect(await add()).toEqual({ path: '/usr/lib/maker.so' });
  });

  test('are taken out after a question', async () => {
    const remove = () =>
      app.page.evaluate(() => globalThis.anThu.shell.removeTokenModule('/usr/lib/maker.so'));
    await answers([], 0);
    expect(await remove()).toBeNull();
    await answers([], 1);
    expect(await remove()).toEqual({ path: '/usr/lib/maker.so' });
  });
});

describe('the engine', () => {
  test('gets the data folder, and helper programs through the main process', async () => {
    expect(await call('engine.status', {})).toMatchObject({ dataDir: app.dataFolder });
    expect(await call('audit.verify', {})).toMatchObject({ args: ['vie'], env: 'yes', sum: 6 });
  });

  test('locks the tokens when the screen is locked', async () => {
    await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'));
    await expect.poll(() => existsSync(join(app.dataFolder, 'locked'))).toBe(true);
  });

  test('is started again when it dies, and the calls under way fail with a code', async () => {
    const before = (await call('engine.status', {})) as { pid: number };
    expect(await call('services.status', {})).toMatchObject({ code: 'general.program-died' });
    await expect
      .poll(async () => ((await call('engine.status', {})) as { pid?: number }).pid, { timeout: 5000 })
      .toEqual(expect.any(Number));
    const after = (await call('engine.status', {})) as { pid: number };
    expect(after.pid).not.toBe(before.pid);
  });
});

test('a second start on the same data folder ends at once', async () => {
  const { spawnSync } = await import('node:child_process');
  const { electronFolder } = await import('./shell-app.ts');
  const second = spawnSync(join(electronFolder(), 'electron'), [app.folder, '--data', app.dataFolder], {
    timeout: 10_000,
  });
  expect(second.status).toBe(0);
  expect(app.electron.windows()).toHaveLength(1);
});
