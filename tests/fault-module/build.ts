import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const repository = resolve(here, '../..');
const sources = ['fault-module.c', 'small-token.c'];

/** The misbehaving PKCS#11 module for this machine, compiled when its source has changed (C compiler: cc). Returns its path. */
export function buildFaultModule(): string {
  const hash = createHash('sha256').update(process.arch);
  for (const name of [...sources, 'cryptoki.h']) hash.update(readFileSync(join(here, name)));
  const folder = join(repository, 'node_modules', '.cache', 'an-thu');
  const target = join(folder, `fault-module-${hash.digest('hex').slice(0, 16)}.so`);
  if (existsSync(target)) return target;
  mkdirSync(folder, { recursive: true });
  const part = `${target}.${process.pid}`;
  const include = join(repository, 'node_modules', 'pkcs11js', 'includes');
  const flags = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-O2', '-shared', '-fPIC', '-I', include];
  execFileSync('cc', [...flags, '-o', part, ...sources.map((name) => join(here, name)), '-ldl'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Several test processes may build at once: each gets a whole file.
  renameSync(part, target);
  return target;
}
