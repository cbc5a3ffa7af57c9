import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

let folder: string;
let bundle: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'an-thu-update-command-'));
  bundle = join(folder, 'an-thu.an-thu-update');
  const installer = join(folder, 'an-thu-99.0.0.msi');
  writeFileSync(installer, 'an installer');
  const privateKey = join(folder, 'private.pem');
  const publicKey = join(folder, 'public.pem');
  run('openssl', 'genpkey -algorithm ed25519 -out', privateKey);
  run('openssl', 'pkey -pubout -in', privateKey, '-out', publicKey);
  run(
    process.execPath,
    join(root, 'scripts', 'make-update-bundle.mjs'),
    `--version 99.0.0 --minimum-from 0.0.1 --platform ${process.platform} --arch ${process.arch} --key-id release-1`,
    '--installer',
    installer,
    '--out',
    bundle,
    '--key',
    privateKey,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Words of options are split at spaces, paths are passed as they are. */
function run(program: string, ...args: string[]): void {
  execFileSync(
    program,
    args.flatMap((arg) => (isAbsolute(arg) ? [arg] : arg.split(' '))),
  );
}

function update(...args: string[]) {
  const done = spawnSync(
    process.execPath,
    [join(root, 'core/engine/cli/main.ts'), 'update', ...args, '--data', folder, '--json'],
    { encoding: 'utf8' },
  );
  const json: unknown = JSON.parse(done.stdout);
  return { status: done.status, json };
}

describe('an-thu update', () => {
  it('checks what the release made with its key', () => {
    expect(update('check', bundle, '--key', join(folder, 'public.pem'))).toMatchObject({
      status: 0,
      json: { ok: true, manifest: { version: '99.0.0', installer: { name: 'an-thu-99.0.0.msi' } } },
    });
  });

  it('lays nothing ready that the pinned keys did not sign', () => {
    expect(update('stage', bundle)).toMatchObject({ status: 77, json: { code: 'update.no-key' } });
    expect(update('stage', bundle, '--key', join(folder, 'public.pem'))).toMatchObject({ status: 77 });
  });

  it('says that there is no data to roll back', () => {
    expect(update('roll-back')).toMatchObject({ status: 66, json: { code: 'store.no-data' } });
  });
});
