import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
/** What `@electron/fuses` looks for in a binary; the package keeps the constant to itself, so it is read from its file. */
const constants = fileURLToPath(new URL('./constants.js', import.meta.resolve('@electron/fuses')));
const SENTINEL = /SENTINEL = '(\w{32})'/.exec(readFileSync(constants, 'utf8'))[1];

/** Electron's nine fuses, all on: so it can be seen that the packer turned off what the configuration says. */
const fuseWire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 9]), Buffer.from('1'.repeat(9))]);

/**
 * Makes a folder that electron-builder takes for an unpacked Electron: an executable of the right kind that carries the
 * fuse wire, and the files that are copied along. Nothing in it can run.
 *
 * @param {'linux' | 'win32'} platform
 * @returns the folder
 */
export function makeStandInElectron(platform, folder, version) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  for (const locale of ['vi', 'en-US', 'fr']) writeFileSync(join(folder, 'locales', `${locale}.pak`), '');
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), 'stand-in');
  writeExecutable(platform, folder);
  return folder;
}

function writeExecutable(platform, folder) {
  if (platform === 'win32') {
    // Any real Windows executable will do; one comes with a dependency of electron-builder.
    const vendor = join(dirname(require.resolve('electron-winstaller/package.json')), 'vendor');
    const path = join(folder, 'electron.exe');
    copyFileSync(join(vendor, '7z-x64.exe'), path);
    writeFileSync(path, Buffer.concat([readFileSync(path), fuseWire]));
    return;
  }
  const elf = readFileSync(process.execPath).subarray(0, 64);
  writeFileSync(join(folder, 'electron'), Buffer.concat([elf, fuseWire]), { mode: 0o755 });
  writeFileSync(join(folder, 'chrome-sandbox'), elf, { mode: 0o755 });
}

export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
