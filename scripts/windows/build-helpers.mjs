// Small programs that only the checks under Wine use, and the PKCS#11 module of the token tests as Windows DLLs.
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBeside } from './command.mjs';
import { places, repository } from './places.mjs';
import { linuxTools } from './tool-server.mjs';

const native = join(dirname(fileURLToPath(import.meta.url)), 'native');
const compilers = { x64: 'x86_64-w64-mingw32-gcc', ia32: 'i686-w64-mingw32-gcc' };
const common = ['-O2', '-s', '-static', '-Wl,--no-insert-timestamp'];

/** Compiles when a source is newer than the result. */
async function compile(compiler, target, sources, flags) {
  const made = existsSync(target) ? statSync(target).mtimeMs : 0;
  if (sources.every((source) => statSync(source).mtimeMs < made)) return;
  mkdirSync(dirname(target), { recursive: true });
  await runBeside(compiler, [
    ...common,
    '-o',
    target,
    ...sources.filter((source) => source.endsWith('.c')),
    ...flags,
  ]);
}

/** The library of Windows 10 that Wine 8 lacks. */
export async function buildMissingLibrary() {
  const target = join(places.modules, 'bcryptprimitives.dll');
  await compile(compilers.x64, target, [join(native, 'bcryptprimitives.c')], ['-shared', '-ladvapi32']);
  return target;
}

/** Tells what a security descriptor's text allows to whom. */
export async function buildRightsReader() {
  const target = join(places.modules, 'read-rights.exe');
  await compile(compilers.x64, target, [join(native, 'read-rights.c')], ['-ladvapi32']);
  return target;
}

/** A folder for the PATH under Wine, in which the names of Linux programs are our messenger. */
export async function buildToolFolder() {
  const messenger = join(places.modules, 'linux-tool.exe');
  const folder = join(places.out, 'tools');
  await compile(compilers.x64, messenger, [join(native, 'linux-tool.c')], ['-lws2_32', '-lshell32']);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of linuxTools) cpSync(messenger, join(folder, `${name}.exe`));
  return folder;
}

/** The fault-injecting PKCS#11 module for 64 and 32 bits; it carries a small token of its own. */
export async function buildTokenModules() {
  const source = join(repository, 'tests', 'fault-module');
  const sources = ['fault-module.c', 'small-token.c', 'cryptoki.h'].map((name) => join(source, name));
  const includes = join(repository, 'node_modules', 'pkcs11js', 'includes');
  const made = Object.entries(compilers).map(async ([arch, compiler]) => {
    const target = join(places.modules, `fault-module-${arch}.dll`);
    await compile(compiler, target, sources, ['-std=gnu11', '-shared', `-I${includes}`]);
    return [arch, target];
  });
  return Object.fromEntries(await Promise.all(made));
}
