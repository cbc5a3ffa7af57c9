import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { app } from './running-shell.ts';

const urlOfWindow = () =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());

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
