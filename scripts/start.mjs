// npm start -- [--data DIR] [--screenshot [DIR]]
// Builds what is stale and opens the window: on Electron where its binary is installed, else on the stand-in
// (scripts/electron-host), which says so here and in the window's title.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage, buildPrograms } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`[ấn thư] ${text}\n`);
const args = process.argv.slice(2);
const callerFolder = process.env.INIT_CWD ?? process.cwd();
const wants = (name) => args.some((argument) => argument === name || argument.startsWith(`${name}=`));

/** Path of the real Electron executable, or undefined where only the npm package is installed. */
function realElectron() {
  const packageFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(packageFolder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const executable = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : undefined;
}

/** The folder that the last `npm run demo -- --keep` left, so that there is something to look at. */
function demoDataFolder() {
  const note = join(root, 'out', 'demo', 'last-data-dir');
  if (!existsSync(note)) return undefined;
  const folder = readFileSync(note, 'utf8').trim();
  return existsSync(folder) ? folder : undefined;
}

function electronArguments() {
  if (wants('--data')) return args;
  const demo = demoDataFolder();
  if (demo === undefined) return args;
  say(`mở dữ liệu của lần chạy demo gần nhất: ${demo} / opening the data of the last demo`);
  return ['--data', demo, ...args];
}

const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (!hasDisplay && !wants('--screenshot')) {
  say(
    'máy này không có màn hình nên không mở được cửa sổ. / This machine has no display to open a window on.',
  );
  say('  Chụp ảnh mọi màn hình / pictures of every screen:  npm start -- --screenshot [DIR]');
  say('  Dùng màn hình ảo / on a virtual display:  Xvfb :77 -screen 0 1280x800x24 & DISPLAY=:77 npm start');
  process.exit(69);
}

await buildPrograms();
await buildPage();

const real = realElectron();
const useStandIn = real === undefined || (!hasDisplay && process.platform === 'linux');
const executable = useStandIn ? join(root, 'scripts', 'electron-host', 'electron') : real;
if (useStandIn && process.platform === 'win32') {
  say(
    'chưa có Electron trên máy này; hãy chạy: npx install-electron / Electron is not installed; run: npx install-electron',
  );
  process.exit(69);
}
if (useStandIn) {
  say('CHÚ Ý: không có Electron thật nên cửa sổ chạy trên Chromium thay thế. Xem docs/not-run-here.md.');
  say(
    'NOTE: no real Electron binary here; the window runs on a stand-in over Chromium. See docs/not-run-here.md.',
  );
}

const child = spawn(executable, [root, ...electronArguments()], {
  stdio: 'inherit',
  cwd: resolve(callerFolder),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  say(error.message);
  process.exit(70);
});
child.on('exit', (code) => process.exit(code ?? 1));
