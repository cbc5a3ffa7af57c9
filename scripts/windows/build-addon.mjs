// pkcs11js publishes no binaries, so the Windows one is made here, from the sources of the installed package (pinned by
// the lock file) and the headers of the small lock file. It is built twice in different folders and must come out the same.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBeside } from './command.mjs';
import { nodeApiHeaders } from './parts.mjs';
import { places, repository } from './places.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const addon = join(repository, 'node_modules', 'pkcs11js');
const prefix = 'x86_64-w64-mingw32-';

/** Names of every Node-API function, for the import library: both lists of the headers package. */
function hostExports() {
  const names = ['js_native_api', 'node_api'].flatMap((name) =>
    readFileSync(join(nodeApiHeaders, 'def', `${name}.def`), 'utf8')
      .split(/\r?\n/)
      .slice(2),
  );
  return `NAME node.exe\nEXPORTS\n${names.filter((name) => name !== '').join('\n')}\n`;
}

const flags = [
  '-std=c++17 -O2 -w -shared -static -s -frandom-seed=an-thu',
  '-DNAPI_DISABLE_CPP_EXCEPTIONS -DBUILDING_NODE_EXTENSION -Iincludes -Inode-api',
  'src/dl.cpp src/common.cpp src/main.cpp delay-host.cpp libhost.a',
  '-Wl,--no-insert-timestamp -Wl,--dynamicbase,--high-entropy-va,--nxcompat -o pkcs11.node',
].flatMap((line) => line.split(' '));

/** One build in a folder of its own; the bytes of `pkcs11.node`. */
async function buildOnce() {
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-addon-'));
  try {
    cpSync(join(addon, 'src'), join(folder, 'src'), { recursive: true });
    cpSync(join(addon, 'includes'), join(folder, 'includes'), { recursive: true });
    cpSync(join(nodeApiHeaders, 'include'), join(folder, 'node-api'), { recursive: true });
    cpSync(join(here, 'native', 'delay-host.cpp'), join(folder, 'delay-host.cpp'));
    writeFileSync(join(folder, 'host.def'), hostExports());
    await runBeside(`${prefix}dlltool`, ['--input-def', 'host.def', '--output-delaylib', 'libhost.a'], {
      cwd: folder,
    });
    await runBeside(`${prefix}g++`, flags, {
      cwd: folder,
      env: { ...process.env, SOURCE_DATE_EPOCH: '0', LC_ALL: 'C' },
    });
    return readFileSync(join(folder, 'pkcs11.node'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Builds the add-on for Windows x64 into `places.addons`, with its licence beside it.
 *
 * @returns the SHA-256 of `pkcs11.node`; throws when two builds differ
 */
export async function buildPkcs11ForWindows() {
  const [first, second] = await Promise.all([buildOnce(), buildOnce()]);
  if (!first.equals(second)) throw new Error('two builds of pkcs11.node for Windows differ');
  mkdirSync(places.addons, { recursive: true });
  writeFileSync(join(places.addons, 'pkcs11.node'), first);
  cpSync(join(addon, 'LICENSE'), join(places.addons, 'LICENSE-pkcs11js'));
  return createHash('sha256').update(first).digest('hex');
}
