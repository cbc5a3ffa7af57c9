import { execFileSync } from 'node:child_process';
import { constants, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenService } from '../../core/ports/token-service.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { codeOf, isAlive, message, recordingSpawner, signMessage, unlock, until } from './harness.ts';
import { createMaterial, type Identity, p12Password } from './material.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-soft-'));
const file = (name: string): string => join(folder, name);
const uriOf = (name: string): string => pathToFileURL(file(name)).href;
let identity: Identity;
let ec: Identity;
let issuer: Uint8Array;
let spawner: ReturnType<typeof recordingSpawner>;
let tokens: TokenService;

beforeAll(() => {
  const material = createMaterial(folder);
  issuer = material.issuer;
  identity = material.identity('Cơ quan thử nghiệm', 'rsa:2048');
  writeFileSync(file('agency.p12'), identity.p12);
  ec = material.identity('Khóa EC', 'ec');
  writeFileSync(file('ec.p12'), ec.p12);
  // Two keys in one file, and a key of a kind that we do not sign with.
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const p12 = ['-export', '-passout', `pass:${p12Password}`];
  twoKeysOfJava(['ec', 'rsa-2048']);
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ed25519',
    '-nodes',
    '-subj',
    '/CN=ed',
    '-keyout',
    'ed.key',
    '-out',
    'ed.crt',
  );
  openssl('pkcs12', ...p12, '-in', 'ed.crt', '-inkey', 'ed.key', '-out', 'ed.p12');
  writeFileSync(file('text.p12'), 'đây không phải PKCS#12');
});

/** openssl writes one key a file; Java writes as many as it is given. */
const javaPassword = 'changeit12';

function twoKeysOfJava(names: readonly string[]): void {
  for (const name of names) {
    execFileSync(
      'openssl',
      ['pkcs12', '-export', '-in', `${name}.crt`, '-inkey', `${name}.key`, '-name', name].concat([
        '-passout',
        `pass:${javaPassword}`,
        '-out',
        `${name}-java.p12`,
      ]),
      { cwd: folder, stdio: 'pipe' },
    );
    execFileSync(
      'keytool',
      [
        '-importkeystore',
        '-noprompt',
        '-srckeystore',
        `${name}-java.p12`,
        '-srcstorepass',
        javaPassword,
      ].concat(['-destkeystore', 'two.p12', '-deststoretype', 'PKCS12', '-deststorepass', javaPassword]),
      { cwd: folder, stdio: 'pipe' },
    );
  }
}

function open(...names: string[]): TokenService {
  spawner = recordingSpawner();
  tokens = createTokenService({
    spawner,
    modules: [],
    softTokens: names.map((name) => ({ path: file(name) })),
  });
  return tokens;
}

afterEach(() => tokens.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a soft token', () => {
  test('is listed as soft, with its certificate once it is unlocked', async () => {
    const service = open('agency.p12', 'text.p12', 'missing.p12');
    const before = await service.list();
    expect(before.map(({ kind, state, error }) => [kind, state, error?.code])).toEqual([
      ['soft', 'ready', undefined],
      ['soft', 'unusable', 'token.soft-unreadable'],
      ['soft', 'unusable', 'token.soft-missing'],
    ]);
    expect(before[0]?.tokens[0]).toMatchObject({
      kind: 'soft',
      unlocked: false,
      keys: [{ certificate: null }],
    });
    await unlock(service, uriOf('agency.p12'), p12Password);
    const [after] = await service.list();
    expect(after?.tokens[0]).toMatchObject({
      unlocked: true,
      keys: [
        {
          uri: uriOf('agency.p12'),
          keyType: 'rsa',
          bits: 2048,
          certificate: { commonName: 'Cơ quan thử nghiệm' },
        },
      ],
    });
  });

  test('signs with PKCS#1 and PSS so that node:crypto verifies, and gives its chain', async () => {
    const service = open('agency.p12');
    await unlock(service, uriOf('agency.p12'), p12Password);
    const key = await service.key(uriOf('agency.p12'));
    const { publicKey } = new X509Certificate(identity.certificate);
    expect(key.chain.map((der) => Buffer.from(der).equals(issuer))).toEqual([true]);
    expect(verify('sha256', message, publicKey, await signMessage(key, 'rsa-pkcs1'))).toBe(true);
    const pss = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', message, pss, await signMessage(key, 'rsa-pss'))).toBe(true);
    expect(await codeOf(signMessage(key, 'ecdsa'))).toBe('token.scheme-mismatch');
  });

  test('signs with an EC key too', async () => {
    const service = open('ec.p12');
    await unlock(service, uriOf('ec.p12'), p12Password);
    const key = await service.key(uriOf('ec.p12'));
    expect([key.keyType, key.bits]).toEqual(['ec', 256]);
    const { publicKey } = new X509Certificate(ec.certificate);
    expect(verify('sha256', message, publicKey, await signMessage(key, 'ecdsa'))).toBe(true);
    expect(verify('sha384', message, publicKey, await signMessage(key, 'ecdsa', 'sha384'))).toBe(true);
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.scheme-mismatch');
  });

  test('with several keys lists them all, signs with the one that is named, and never guesses', async () => {
    const service = open('two.p12');
    await unlock(service, uriOf('two.p12'), javaPassword);
    const keys = (await service.list())[0]?.tokens[0]?.keys ?? [];
    expect(keys.map(({ keyType }) => keyType).toSorted()).toEqual(['ec', 'rsa']);
    for (const { uri, keyType, certificate } of keys) {
      const key = await service.key(uri);
      const { publicKey } = new X509Certificate(Buffer.from(certificate?.der ?? '', 'base64'));
      const signature = await signMessage(key, keyType === 'ec' ? 'ecdsa' : 'rsa-pkcs1');
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
    }
    expect(await codeOf(service.key(uriOf('two.p12')))).toBe('token.ambiguous');
    expect(await codeOf(service.key(`${uriOf('two.p12')}#${'0'.repeat(64)}`))).toBe('token.key-not-found');
  });

  test('says that the password is wrong and counts it', async () => {
    const service = open('agency.p12');
    expect(await codeOf(unlock(service, uriOf('agency.p12'), 'sai'))).toBe('token.pin-incorrect');
    expect(await codeOf(unlock(service, uriOf('agency.p12'), ''))).toBe('token.pin-incorrect');
    const [module] = await service.list();
    expect(module?.tokens[0]).toMatchObject({ failedTries: 2, unlocked: false });
  });

  test('forgets its key when it is locked: the process ends', async () => {
    const service = open('agency.p12');
    await unlock(service, uriOf('agency.p12'), p12Password);
    const key = await service.key(uriOf('agency.p12'));
    const pid = spawner.handles.at(-1)?.pid;
    await service.lock();
    await until(() => !isAlive(pid));
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.not-unlocked');
  });

  test('with a key that cannot sign here, without a file, or not configured is refused with the reason', async () => {
    const service = open('ed.p12', 'missing.p12', 'text.p12');
    expect(await codeOf(unlock(service, uriOf('ed.p12'), p12Password))).toBe('token.soft-key-unsupported');
    expect(await codeOf(unlock(service, uriOf('missing.p12'), p12Password))).toBe('token.soft-missing');
    expect(await codeOf(unlock(service, uriOf('text.p12'), p12Password))).toBe('token.soft-unreadable');
    expect(await codeOf(unlock(service, uriOf('agency.p12'), p12Password))).toBe(
      'token.module-not-configured',
    );
    expect(await codeOf(service.key('http://example.invalid/x'))).toBe('token.uri-invalid');
  });

  test('never shows its password in what the engine relays', async () => {
    const service = open('agency.p12');
    await unlock(service, uriOf('agency.p12'), p12Password);
    const relayed = JSON.stringify(spawner.traffic);
    expect(relayed).toContain('ciphertext');
    expect(relayed).not.toContain(p12Password);
    expect(relayed).not.toContain(Buffer.from(p12Password).toString('base64'));
  });
});
