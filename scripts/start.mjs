// npm start -- [--data DIR] [--screenshot [DIR]]
// Builds what is stale and opens the window: on Electron where its binary is installed, else on the stand-in
// (scripts/electron-host), which says so here and in the window's title.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defaultDataFolder } from '../core/shared/data-folder.ts';
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

/** The office folder that the last `npm run demo -- --keep` (or the last `npm start`) left. */
function keptOffice() {
  const note = join(root, 'out', 'demo', 'last-data-dir');
  if (!existsSync(note)) return undefined;
  const office = dirname(readFileSync(note, 'utf8').trim());
  return existsSync(join(office, 'workplace.json')) ? office : undefined;
}

/** A register of the user's own, set up with `an-thu agency init`. */
function hasOwnData() {
  return existsSync(join(defaultDataFolder(), 'register.db'));
}

/**
 * Data for the window: `--data DIR`, the user's own, else a sample office whose services (time stamps, province,
 * virus scanner) run beside the window. Returns the arguments and what to end with it.
 */
async function chooseData() {
  if (wants('--data')) {
    const given = resolve(callerFolder, valueOf('--data'));
    return existsSync(join(dirname(given), 'workplace.json')) ? openOffice(dirname(given)) : { dataArgs: [] };
  }
  if (hasOwnData()) return { dataArgs: [] };
  return openOffice(keptOffice());
}

function valueOf(name) {
  const index = args.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  return args[index].includes('=') ? args[index].slice(name.length + 1) : (args[index + 1] ?? '');
}

/** Starts the services of a sample office (a new one without `office`) and waits until they listen. */
async function openOffice(office) {
  say(office ? `mở văn phòng mẫu: ${office}` : 'tạo văn phòng mẫu (vài giây) / making a sample office');
  const script = join(root, 'scripts', 'demo', 'open-office.ts');
  const services = spawn(process.execPath, [script, ...(office ? [office] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolveLine, reject) => {
    createInterface({ input: services.stdout }).once('line', resolveLine);
    services.once('exit', (code) => reject(new Error(`văn phòng mẫu không mở được (${code})`)));
  });
  const { dataDir, engineEnv, pin } = JSON.parse(line);
  Object.assign(process.env, engineEnv);
  say(`dữ liệu mẫu ${dataDir}, mã PIN ${pin}. Không dùng chính thức. / Sample data, not for official use.`);
  return { dataArgs: wants('--data') ? [] : ['--data', dataDir], stop: () => services.stdin.end() };
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

const office = await chooseData();
const child = spawn(executable, [root, ...office.dataArgs, ...args], {
  stdio: 'inherit',
  cwd: resolve(callerFolder),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  say(error.message);
  process.exit(70);
});
child.on('exit', (code) => {
  office.stop?.();
  process.exit(code ?? 1);
});
