import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnThuError } from '../../core/shared/errors.ts';
import { openPkcs12 } from './pkcs12.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-pkcs12-'));
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]): void =>
  void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

const password = 'mật khẩu 12';
const kinds = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ed25519: ['-newkey', 'ed25519'],
} as const;
/** What openssl 3 writes by default, what it wrote before, what Windows writes, and odd ones. */
const ciphers: Readonly<Record<string, readonly string[]>> = {
  'openssl 3': [],
  'openssl 1.1 and before': ['-legacy'],
  'Windows: AES-256, SHA-256, 2000 rounds': [
    '-keypbe',
    'AES-256-CBC',
    '-certpbe',
    'AES-256-CBC',
    '-iter',
    '2000',
  ],
  '3DES and SHA-1': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  'AES-128 and SHA-512': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC', '-macalg', 'sha512'],
  'without encryption, with a MAC': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
  'without a MAC': ['-nomac'],
};

function write(name: string, kind: keyof typeof kinds, more: readonly string[], pass = password): Uint8Array {
  openssl('pkcs12', '-export', '-inkey', `${kind}.key`, '-in', `${kind}.crt`, '-name', 'Khóa', '-passout',
    `pass:${pass}`, '-out', name, ...more); // prettier-ignore
  return readFileSync(at(name));
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof AnThuError) return thrown.code;
    throw thrown;
  }
  return 'none';
}

beforeAll(() => {
  for (const [kind, options] of Object.entries(kinds))
    openssl('req', '-x509', ...options, '-nodes', '-subj', `/CN=${kind}`, '-days', '30', '-keyout', `${kind}.key`,
      '-out', `${kind}.crt`); // prettier-ignore
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['rsa', 'ec'] as const)('an %s key', (kind) => {
  test.each(Object.entries(ciphers))('is read from a file as written by %s', (_, options) => {
    const bytes = write('file.p12', kind, options);
    const { keys, certificates } = openPkcs12('file.p12', bytes, password);
    expect(keys.map(({ privateKey, label }) => [privateKey.asymmetricKeyType, label])).toEqual([
      [kind, 'Khóa'],
    ]);
    expect(certificates).toHaveLength(1);
  });
});

test('a file without a password is opened with none', () => {
  const { keys } = openPkcs12('file.p12', write('file.p12', 'ec', [], ''), '');
  expect(keys).toHaveLength(1);
});

test('a wrong password is said to be wrong, whatever the cipher', () => {
  for (const options of [[], ['-legacy'], ['-keypbe', 'NONE', '-certpbe', 'NONE']]) {
    const bytes = write('file.p12', 'ec', options);
    for (const wrong of ['sai', '', `${password} `])
      expect(codeOf(() => openPkcs12('file.p12', bytes, wrong))).toBe('token.pin-incorrect');
  }
});

test('only the MAC may say that the password is wrong: a file without one is unreadable', () => {
  const bytes = write('file.p12', 'ec', ['-nomac']);
  expect(codeOf(() => openPkcs12('file.p12', bytes, 'sai'))).toBe('token.soft-unreadable');
});

/** The same file with its counts of rounds (100,000) made huge, each where `which` says. */
function withHugeCounts(bytes: Uint8Array, which: 'first' | 'all'): Buffer {
  const hundredThousand = '02030186a0';
  const hex = Buffer.from(bytes).toString('hex');
  const huge = '02037fffff';
  expect(hex).toContain(hundredThousand);
  return Buffer.from(
    which === 'all' ? hex.replaceAll(hundredThousand, huge) : hex.replace(hundredThousand, huge),
    'hex',
  );
}

test.each([
  ['of the MAC', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ['of PBKDF2', ['-nomac']],
  ['of the old ciphers', ['-nomac', '-legacy']],
])('rounds %s that would take minutes are refused before one is run', (_, options) => {
  const bytes = write('file.p12', 'ec', [...options, '-iter', '100000']);
  for (const which of ['first', 'all'] as const) {
    const bad = withHugeCounts(bytes, which);
    const before = process.cpuUsage();
    expect(codeOf(() => openPkcs12('file.p12', bad, password))).toBe('token.soft-too-costly');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1_000);
  }
});

test('the many rounds of newer programs are run', () => {
  const bytes = write('many.p12', 'ec', ['-iter', '100000']);
  expect(openPkcs12('many.p12', bytes, password).keys).toHaveLength(1);
});

test('keys of several kinds are all read; one that cannot sign is told by its kind', () => {
  const { keys } = openPkcs12('ed.p12', write('ed.p12', 'ed25519', []), password);
  expect(keys.map(({ privateKey }) => privateKey.asymmetricKeyType)).toEqual(['ed25519']);
});

test('a damaged file is an error of ours wherever the damage is', () => {
  const bytes = write('file.p12', 'ec', ['-iter', '10']);
  const codes = new Set<string>();
  for (let i = 0; i < bytes.length; i += 7) {
    const bad = Buffer.from(bytes);
    bad[i] = (bad[i] ?? 0) ^ 0x55;
    codes.add(codeOf(() => openPkcs12('file.p12', bad, password)));
  }
  expect([...codes].every((code) => code === 'none' || code.startsWith('token.'))).toBe(true);
  for (const length of [0, 1, 20, bytes.length - 1])
    expect(codeOf(() => openPkcs12('f', bytes.subarray(0, length), password))).toBe('token.soft-unreadable');
});
