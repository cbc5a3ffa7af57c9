import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, Menu, powerMonitor, protocol, type BrowserWindow } from 'electron';
import { procedures } from '../core/contract/procedures.ts';
import { sentenceOf } from '../core/contract/sentences.ts';
import { toErrorValue } from '../core/shared/errors.ts';
import { readMachineSettings } from '../core/shared/machine-settings.ts';
import { createAppProtocol } from './app-protocol.ts';
import { readArguments } from './arguments.ts';
import { channels, type EventMessage } from './channels.ts';
import { ChosenLanguage } from './chosen-language.ts';
import { settleIntoDesktop } from './desktop-manners.ts';
import { EngineProcess } from './engine-process.ts';
import { lockDown } from './lockdown.ts';
import { shellWords, type ShellTranslate } from './messages.ts';
import { Notices } from './notices.ts';
import { openedPackages } from './opened-packages.ts';
import { appScheme, startUrl } from './origin.ts';
import { servePage } from './page-channel.ts';
import { takeScreenshots } from './screenshots.ts';
import { watchUpdateFeed } from './updates.ts';
import { createWindow } from './window.ts';

/** The shell: one window, one engine, and the rules between them. It knows nothing of documents. */
const buildFolder = fileURLToPath(new URL('.', import.meta.url));
const { dataFolder, screenshotFolder, isHidden, policy } = startingPoint();

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

// What the window keeps lies in the data folder too, and so does the lock: one shell for each data folder.
const windowFolder = join(dataFolder, 'window');
mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
mkdirSync(windowFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', windowFolder);

settleIntoDesktop(policy);

let window: BrowserWindow | undefined;

const language = new ChosenLanguage(() => engine.call('settings.get', {}));

const notices = new Notices({
  window: () => window,
  status: () => engine.call('engine.status', {}),
  show: showWindow,
  speak,
});

const engine = new EngineProcess({
  buildFolder,
  args: ['--data', dataFolder],
  onEvent: sendEvent,
  onRestarted: () => {
    for (const name of ['intake.changed', 'register.changed']) sendEvent({ name, value: { id: null } });
    for (const name of ['token.changed', 'services.changed']) sendEvent({ name, value: {} });
  },
  onGivenUp: (reason) => void askAboutDeadEngine(reason),
});

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv, cwd) => {
    showWindow();
    void takeIn(openedPackages(argv, cwd));
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (engine.pid === undefined) return;
    event.preventDefault();
    void engine.stop().then(() => app.quit());
  });
  void app.whenReady().then(run);
} else {
  app.quit();
}

async function run(): Promise<void> {
  lockDown();
  Menu.setApplicationMenu(null);
  protocol.handle(appScheme, createAppProtocol({ root: join(buildFolder, 'renderer'), objectFile }));
  servePage({
    policy,
    window: () => window,
    callEngine: (procedure, input) => engine.call(procedure, input),
    speak,
  });
  engine.start();
  powerMonitor.on('lock-screen', lockTokens);
  powerMonitor.on('suspend', lockTokens);
  const opened = createWindow(buildFolder, { isHidden });
  window = opened;
  opened.on('closed', () => {
    window = undefined;
  });
  await opened.loadURL(startUrl);
  if (screenshotFolder !== undefined) return screenshotRun(opened, screenshotFolder);
  void watchUpdateFeed(policy, speak);
  await takeIn(openedPackages(process.argv, process.cwd()));
}

async function screenshotRun(opened: BrowserWindow, folder: string): Promise<void> {
  try {
    const files = await takeScreenshots(opened, engine, folder);
    process.stdout.write(files.map((file) => `${file}\n`).join(''));
    app.quit();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    await engine.stop();
    app.exit(1);
  }
}

async function objectFile(sha256: string): Promise<{ path: string; mediaType: string }> {
  return procedures['document.object-path'].output.parse(
    await engine.call('document.object-path', { sha256 }),
  );
}

function sendEvent(event: EventMessage): void {
  if (policy.notifications) void notices.onEvent(event.name);
  if (window && !window.isDestroyed()) window.webContents.send(channels.event, event);
}

/** What the administrator set; a policy that cannot be read ends the program with the reason. */
function startingPoint() {
  try {
    return { ...readArguments(process.argv, process.cwd()), policy: readMachineSettings().policy };
  } catch (error) {
    dialog.showErrorBox('Ấn Thư', toErrorValue(error).message);
    return process.exit(1);
  }
}

/** Files that could not be taken in while others were. */
const addedSchema = procedures['intake.add'].output.pick({ failed: true });

/** E-document packages that were double-clicked are taken in like added files. */
async function takeIn(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const tell = (message: string, files: readonly string[]) =>
    dialog.showMessageBox({ type: 'error', title: 'Ấn Thư', message, detail: files.join('\n') });
  try {
    const { failed } = addedSchema.parse(await engine.call('intake.add', { paths: [...paths] }));
    for (const { path, error } of failed) await tell(sentenceOf(error, await language.now()), [path]);
  } catch (error) {
    await tell(toErrorValue(error, await language.now()).message, paths);
  }
}

async function speak(): Promise<ShellTranslate> {
  return shellWords(await language.now());
}

function showWindow(): void {
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** A locked or sleeping machine must not go on signing: all logins to tokens end. */
function lockTokens(): void {
  engine.call('token.lock', {}).catch(() => undefined);
}

async function askAboutDeadEngine(reason: string): Promise<void> {
  const t = await speak();
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Ấn Thư',
    message: t('engine.given-up'),
    detail: t('engine.given-up-detail', { reason, folder: dataFolder }),
    buttons: [t('engine.retry'), t('engine.exit')],
    cancelId: 1,
    defaultId: 0,
  });
  if (response === 0) engine.start();
  else app.quit();
}
