import { execFileSync } from 'node:child_process';
import { verify, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Token } from '../../core/contract/token.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { codeOf, message, signMessage, unlock } from './harness.ts';
import { createMaterial, type Identity, p12Password } from './material.ts';
import { keyFiles } from './vendor.ts';
import { makeTestPki } from '../lib/test-keys.ts';

/*
 * A desk with two tokens of one make whose keys bear the same id and name, a database of NSS, and a file: four tokens of three
 * kinds.
 */
const folder = mkdtempSync(join(tmpdir(), 'an-thu-several-'));
const nssPin = 'mat-khau-nss';
let first: Identity;
let second: Identity;
let soft: Identity;
let hsm: SoftHsm;
let nss: { modulePath: string; env: Record<string, string> };
let tokens: TokenService;

const at = (name: string): string => join(folder, name);

beforeAll(() => {
  const material = createMaterial(folder);
  first = material.identity('Chủ tịch', 'rsa:2048');
  second = material.identity('Phó Chủ tịch', 'ec');
  hsm = createSoftHsm({
    folder: at('hsm'),
    tokenLabel: 'lãnh đạo',
    keys: [{ id: '01', label: 'ký', ...first }],
  });
  addTwin(second);
  soft = material.identity('Tệp', 'rsa:3072');
  writeFileSync(at('soft.p12'), soft.p12);
  nss = makeNss();
});
afterEach(() => tokens.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A second token of the same make whose key has the same id and label as the first one's. */
function addTwin({ privateKeyPem, certificate }: Identity): void {
  const env = { ...process.env, ...hsm.env };
  const run = (...args: string[]): string => execFileSync('softhsm2-util', args, { env, encoding: 'utf8' });
  run('--init-token', '--free', '--label', 'twin', '--pin', '654321', '--so-pin', '12345678');
  writeFileSync(at('twin.pem'), privateKeyPem);
  writeFileSync(at('twin.der'), certificate);
  const names = ['--id', '01', '--label', 'ký'];
  run('--import', at('twin.pem'), '--token', 'twin', '--pin', '654321', ...names);
  execFileSync(
    'pkcs11-tool',
    ['--module', hsm.modulePath, '--token-label', 'twin', '--login', '--pin', '654321', '--type', 'cert']
      .concat(['--write-object', at('twin.der')])
      .concat(names),
    { env, stdio: 'pipe' },
  );
}

function makeNss(): { modulePath: string; env: Record<string, string> } {
  mkdirSync(at('pki'));
  mkdirSync(at('nssdb'));
  writeFileSync(at('pin'), nssPin);
  const database = `sql:${at('nssdb')}`;
  execFileSync('certutil', ['-N', '-d', database, '-f', at('pin')]);
  const { p12 } = keyFiles(makeTestPki(at('pki')), 'in-nss');
  execFileSync('pk12util', ['-i', p12, '-d', database, '-k', at('pin'), '-W', 'p12'], { stdio: 'pipe' });
  const parameters = `configdir='${database}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly`;
  return {
    modulePath: '/usr/lib/x86_64-linux-gnu/libsoftokn3.so',
    env: { AN_THU_MODULE_PARAMETERS: parameters },
  };
}

function open(): TokenService {
  tokens = createTokenService({
    spawner: createNodeSpawner(),
    modules: [
      { path: hsm.modulePath, env: hsm.env },
      { path: nss.modulePath, env: nss.env },
    ],
    softTokens: [{ path: at('soft.p12') }],
  });
  return tokens;
}

async function tokenOf(commonName: string): Promise<{ token: Token; uri: string }> {
  for (const token of (await tokens.list()).flatMap((module) => module.tokens))
    for (const key of token.keys)
      if (key.certificate?.commonName === commonName) return { token, uri: key.uri };
  throw new Error(`no ${commonName}`);
}

const signs = async (uri: string, { certificate }: Pick<Identity, 'certificate'>): Promise<boolean> => {
  const key = await tokens.key(uri);
  const signature = await signMessage(key, key.keyType === 'ec' ? 'ecdsa' : 'rsa-pkcs1');
  return verify('sha256', message, new X509Certificate(certificate).publicKey, signature);
};

describe('several tokens at once', () => {
  test('are each known by manufacturer and serial, whatever their label and slot', async () => {
    open();
    const a = await tokenOf('Chủ tịch');
    const b = await tokenOf('Phó Chủ tịch');
    expect(a.token.serial).not.toBe(b.token.serial);
    expect(a.token.id).not.toBe(b.token.id);
    expect(a.uri).toContain(`serial=${a.token.serial}`);
    expect(a.uri).not.toContain('slot');
    await expect(tokenOf('in-nss')).resolves.toMatchObject({ token: { label: 'NSS Certificate DB' } });
  });

  test('are unlocked with their own PINs and sign side by side, and one is locked without the others', async () => {
    open();
    const a = await tokenOf('Chủ tịch');
    const b = await tokenOf('Phó Chủ tịch');
    const c = await tokenOf('in-nss');
    const file = pathToFileURL(at('soft.p12')).href;
    await unlock(tokens, a.uri, hsm.pin);
    await unlock(tokens, b.uri, '654321');
    await unlock(tokens, c.uri, nssPin);
    await unlock(tokens, file, p12Password);
    const certificateOfNss = (await tokens.key(c.uri)).certificate;
    const all = await Promise.all([
      signs(a.uri, first),
      signs(b.uri, second),
      signs(c.uri, { certificate: certificateOfNss }),
      signs(file, soft),
      signs(a.uri, first),
    ]);
    expect(all).toEqual([true, true, true, true, true]);
    await tokens.lock(b.uri);
    expect(await codeOf(signs(b.uri, second))).toBe('token.not-unlocked');
    expect(await signs(a.uri, first)).toBe(true);
    expect(await signs(c.uri, { certificate: certificateOfNss })).toBe(true);
  });

  test('a wrong PIN for one counts for that one alone', async () => {
    open();
    const a = await tokenOf('Chủ tịch');
    const b = await tokenOf('Phó Chủ tịch');
    expect(await codeOf(unlock(tokens, a.uri, '000000'))).toBe('token.pin-incorrect');
    expect((await tokenOf('Chủ tịch')).token.failedTries).toBe(1);
    expect((await tokenOf('Phó Chủ tịch')).token.failedTries).toBe(0);
    await unlock(tokens, b.uri, '654321');
    await unlock(tokens, a.uri, hsm.pin);
  });

  test('are never guessed between: a URI that fits two is refused before a PIN is sent', async () => {
    open();
    const uri = `pkcs11:manufacturer=SoftHSM%20project;id=%01?module-path=${hsm.modulePath}`;
    expect(await codeOf(unlock(tokens, uri, hsm.pin))).toBe('token.ambiguous');
    expect((await tokenOf('Chủ tịch')).token.failedTries).toBe(0);
  });
});
