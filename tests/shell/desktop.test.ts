import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { desktopTrace } from './desktop-trace.ts';
import { electronFolder, startShellApp, type ShellApp } from './shell-app.ts';

// What the shell does with the desktop around it, on the stand-in host.

let app: ShellApp;

beforeAll(async () => {
  process.env['AN_THU_STAND_IN_PROXY'] = 'PROXY 10.1.2.3:3128';
  app = await startShellApp();
});

afterAll(async () => {
  await app?.close();
});

/** What the shell asked of the desktop, by name. */
async function asked(what: string): Promise<unknown[]> {
  const trace = await desktopTrace(app.electron);
  return trace.filter((entry) => entry.what === what).map((entry) => entry.detail);
}

const call = (procedure: string, input: unknown) =>
  app.page.evaluate(
    ([name, value]) =>
      globalThis.anThu.call(name, value).catch((error: unknown) => {
        const text = String(error);
        return JSON.parse(text.slice(text.indexOf('{'))) as unknown;
      }),
    [procedure, input] as const,
  );

test('the desktop knows the app by the id of its packages', async () => {
  const builder = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8');
  const [id] = await asked('app.setAppUserModelId');
  expect(builder).toContain(`appId: ${String(id)}\n`);
});

test('a program learns the system’s proxy from the main process', async () => {
  expect(await call('sync.status', {})).toEqual({
    kind: 'proxy-answer',
    id: 7,
    words: 'PROXY 10.1.2.3:3128',
  });
});

test('a double click on a package hands its path to the running program', async () => {
  const second = spawnSync(
    join(electronFolder(), 'electron'),
    [app.folder, '--data', app.dataFolder, 'van-ban.EDXML', '--gpu.edxml', 'khac.pdf'],
    { timeout: 15_000, cwd: app.folder },
  );
  expect(second.status).toBe(0);
  const added = join(app.dataFolder, 'added.json');
  // The file is there before its content is.
  await expect
    .poll(() => (existsSync(added) ? readFileSync(added, 'utf8') : ''))
    .toBe(JSON.stringify({ paths: [join(app.folder, 'van-ban.EDXML')] }));
});

describe('notifications', () => {
  const letter = (counts: object) => call('intake.dismiss', { id: id(), reason: JSON.stringify(counts) });
  const id = () => '01980000-0000-7000-8000-000000000001';

  test('say how many wait, without titles, and not more often than every half minute', async () => {
    await app.electron.evaluate(({ Notification, BrowserWindow }) => {
      Notification.isSupported = () => true;
      const [window] = BrowserWindow.getAllWindows();
      if (window) window.isFocused = () => false;
    });
    await letter({ proposed: 0 });
    await letter({ proposed: 1 });
    await letter({ proposed: 2, waitingForToken: 1 });
    await expect.poll(() => asked('Notification.show')).toHaveLength(1);
    expect(await asked('Notification.show')).toEqual([{ title: 'Ấn Thư', body: 'Có 1 văn bản chờ vào sổ.' }]);
  });
});

describe('native dialogs', () => {
  /** What the dialogs of one question say, the person saying yes to each. */
  const said = async (language: 'vi' | 'en') => {
    await call('settings.set', { language });
    const heard = await app.electron.evaluateHandle(({ dialog }) => {
      const options: unknown[] = [];
      dialog.showOpenDialog = async (...given: unknown[]) => {
        options.push(given.at(-1));
        return { canceled: false, filePaths: ['/opt/lib.so'] };
      };
      dialog.showMessageBox = async (...given: unknown[]) => {
        options.push(given.at(-1));
        return { response: 1, checkboxChecked: false };
      };
      return options;
    });
    await app.page.evaluate(() => globalThis.anThu.shell.addTokenModule());
    return await heard.jsonValue();
  };

  test.each([
    ['vi', 'Chọn thư viện PKCS#11 của thiết bị ký', ['Hủy', 'Thêm thư viện'], 'chạy trong một tiến trình riêng'],
    ['en', 'Choose the token’s PKCS#11 library', ['Cancel', 'Add the library'], 'run in a process of its own'],
  ] as const)('speak the language of the settings: %s', async (language, title, buttons, detail) => {
    const [choice, question] = await said(language);
    expect(choice).toMatchObject({ title });
    const words = new RegExp(`^/opt/lib\\.so\n\n.*${detail}`);
    expect(question).toMatchObject({ buttons, detail: expect.stringMatching(words) as string });
    await call('settings.set', { language: 'vi' });
  }); // prettier-ignore
});

describe('updates from a file', () => {
  const answers = (filePaths: string[], response: number) =>
    app.electron.evaluate(
      ({ dialog }, given) => {
        dialog.showOpenDialog = async () => ({
          canceled: given.filePaths.length === 0,
          filePaths: given.filePaths,
        });
        dialog.showMessageBox = async () => ({ response: given.response, checkboxChecked: false });
      },
      { filePaths, response },
    );
  const install = () => app.page.evaluate(() => globalThis.anThu.shell.installUpdate());

  test('cannot be named by the page', async () => {
    expect(await call('update.stage', { path: '/tmp/evil' })).toMatchObject({
      code: 'general.invalid-input',
    });
  });

  test('are not begun when the person chooses nothing or says no', async () => {
    await answers([], 0);
    expect(await install()).toBeNull();
    await answers(['/mnt/usb/an-thu.an-thu-update'], 1);
    expect(await install()).toBeNull();
    expect(await asked('shell.openPath')).toEqual([]);
  });

  test('settings say what this system offers', async () => {
    expect(await app.page.evaluate(() => globalThis.anThu.shell.preferences())).toEqual({
      startWithSystem: null,
      startIsFixed: false,
      updates: 'bundle',
    });
  });

  test('hand the checked installer to the system and end the program', async () => {
    const quit = await app.electron.evaluateHandle(({ app: program }) => {
      const before = { quits: 0, quit: program.quit.bind(program) };
      program.quit = () => void before.quits++;
      return before;
    });
    await answers(['/mnt/usb/an-thu.an-thu-update'], 0);
    expect(await install()).toBe('9.9.10');
    expect(await asked('shell.openPath')).toEqual([join(app.dataFolder, 'an-thu-9.9.10.msi')]);
    const quits = await app.electron.evaluate(({ app: program }, before) => {
      program.quit = before.quit;
      return before.quits;
    }, quit);
    expect(quits).toBe(1);
  });
});
