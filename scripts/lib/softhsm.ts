import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where Debian and others put SoftHSM2. */
const modulePaths = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** A key to put on the token: PKCS#8 in PEM, its certificate (and further ones) in DER. */
export interface TokenKeyMaterial {
  /** CKA_ID in hex. */
  readonly id: string;
  readonly label: string;
  readonly privateKeyPem: string;
  readonly certificate: Uint8Array;
}

export interface SoftHsm {
  readonly modulePath: string;
  /** Environment for the token host. */
  readonly env: { readonly SOFTHSM2_CONF: string };
  readonly pin: string;
  readonly tokenLabel: string;
  /** URI of a key by its id, without PIN, with the module path. */
  uri(id: string): string;
  /** Runs pkcs11-tool on the token, logged in as user. */
  pkcs11Tool(...args: readonly string[]): string;
  remove(): void;
}

/** Path of the SoftHSM2 library, or undefined when it is not installed (Debian: softhsm2). */
export const findSoftHsm = (): string | undefined => modulePaths.find((path) => existsSync(path));

export interface SoftHsmOptions {
  /** Folder for the token's files, made when missing. Must not hold a token yet. */
  readonly folder: string;
  readonly keys: readonly TokenKeyMaterial[];
  /** Certificates without a key (issuing CA …), DER. */
  readonly certificates?: readonly Uint8Array[];
  readonly tokenLabel?: string;
  readonly pin?: string;
}

/** Makes the folder of a token and its configuration; returns the path of that. */
function configure(folder: string): string {
  mkdirSync(join(folder, 'tokens'), { recursive: true, mode: 0o700 });
  const conf = join(folder, 'softhsm2.conf');
  writeFileSync(
    conf,
    [
      `directories.tokendir = ${join(folder, 'tokens')}`,
      'objectstore.backend = file',
      'slots.removable = true',
      'log.level = ERROR',
      '',
    ].join('\n'),
  );
  return conf;
}

/**
 * Environment of a copy of a token, below `folder`. SoftHSM2 writes its files at each login, and another process that reads
 * them at that moment may find no token: what runs at once on many tokens needs one each.
 */
export function copySoftHsm(hsm: SoftHsm, folder: string): SoftHsm['env'] {
  const conf = configure(folder);
  cpSync(join(dirname(hsm.env.SOFTHSM2_CONF), 'tokens'), join(folder, 'tokens'), { recursive: true });
  return { SOFTHSM2_CONF: conf };
}

/**
 * Makes a SoftHSM2 token of its own with keys and certificates on it (softhsm2-util and pkcs11-tool must be
 * installed). The token is found through `env`, which must be set before the module is loaded.
 */
export function createSoftHsm(options: SoftHsmOptions): SoftHsm {
  const { folder, tokenLabel = 'an-thu', pin = '123456' } = options;
  const modulePath = findSoftHsm();
  if (!modulePath) throw new Error('SoftHSM2 is not installed (Debian packages: softhsm2, opensc)');
  const conf = configure(folder);
  const env = { SOFTHSM2_CONF: conf };
  const run = (command: string, args: readonly string[]): string =>
    execFileSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8', stdio: 'pipe' });
  const pkcs11Tool = (...args: readonly string[]): string =>
    run('pkcs11-tool', [
      '--module',
      modulePath,
      '--token-label',
      tokenLabel,
      '--login',
      '--pin',
      pin,
      ...args,
    ]);
  run('softhsm2-util', [
    '--init-token',
    '--free',
    '--label',
    tokenLabel,
    '--pin',
    pin,
    '--so-pin',
    '12345678',
  ]);

  const scratch = mkdtempSync(join(folder, 'import-'));
  const writeCertificate = (der: Uint8Array, ...more: readonly string[]): void => {
    const file = join(scratch, 'certificate.der');
    writeFileSync(file, der);
    pkcs11Tool('--write-object', file, '--type', 'cert', ...more);
  };
  for (const key of options.keys) {
    const file = join(scratch, 'key.pem');
    writeFileSync(file, key.privateKeyPem, { mode: 0o600 });
    const names = ['--label', key.label, '--id', key.id];
    run('softhsm2-util', ['--import', file, '--token', tokenLabel, '--pin', pin, ...names]);
    writeCertificate(key.certificate, ...names);
  }
  options.certificates?.forEach((der, i) => writeCertificate(der, '--label', `ca-${i}`));
  rmSync(scratch, { recursive: true });

  return {
    modulePath,
    env,
    pin,
    tokenLabel,
    uri: (id) =>
      `pkcs11:token=${encodeURIComponent(tokenLabel)};id=${id.replace(/../g, '%$&')};type=private?module-path=${modulePath}`,
    pkcs11Tool,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
