import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { app, call } from './running-shell.ts';
import { electronFolder } from './shell-app.ts';

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
  const second = spawnSync(join(electronFolder(), 'electron'), [app.folder, '--data', app.dataFolder], {
    timeout: 10_000,
  });
  expect(second.status).toBe(0);
  expect(app.electron.windows()).toHaveLength(1);
});
