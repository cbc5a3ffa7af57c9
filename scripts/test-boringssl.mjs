// npm run test:boringssl – our cryptography under BoringSSL, which Electron carries instead of OpenSSL.
// Node makes vectors, bun (which carries BoringSSL too) checks them and makes its own, Node checks those.
// What it does not show: Electron's own build of node:crypto; see docs/not-run-here.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = join(root, 'tests/boringssl/check.ts');

/** The bun binary of the optional package for this system. */
function findBun() {
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch;
  const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform] ?? process.platform;
  const binary = process.platform === 'win32' ? 'bun.exe' : 'bun';
  const path = join(root, 'node_modules', '@oven', `bun-${system}-${arch}`, 'bin', binary);
  return existsSync(path) ? path : undefined;
}

function run(command, args) {
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`${command}: ${error.message}`);
  if (signal) console.error(`${command}: ended by ${signal}`);
  return status === 0;
}

const bun = findBun();
if (!bun) {
  console.error(
    `BoringSSL was not checked: the optional package @oven/bun for ${process.platform} ${process.arch} is not ` +
      'installed. Run `npm install --include=optional`, or install it as a development dependency.',
  );
  process.exit(69);
}

const folder = mkdtempSync(join(tmpdir(), 'an-thu-boringssl-'));
try {
  const fromNode = join(folder, 'node.json');
  const fromBun = join(folder, 'bun.json');
  const ok =
    run(process.execPath, [check, '--write', fromNode]) &&
    run(bun, ['run', check, fromNode, '--write', fromBun]) &&
    run(process.execPath, [check, fromBun]);
  process.exitCode = ok ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
