import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createPrivateKey, verify, X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { sentenceFor } from '../../core/contract/sentences.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { findCandidates } from '../../native/token-discovery/candidates.ts';
import { diagnoseTokens } from '../../native/token-discovery/diagnose.ts';
import { codeOf, isAlive, message, recordingSpawner, signMessage, unlock, until } from '../token/harness.ts';
import { createMaterial, type Identity } from '../token/material.ts';

/*
 * Run by `npm run test:windows` only. The fault-injecting module of tests/fault-module with its built-in token, as a DLL
 * for 64 bits and one for 32 bits, lies where Vietnamese drivers lie (domain/vietnam.md §6.3) and goes through the real
 * token host on the cross-compiled pkcs11.node.
 */
const PIN = '135790';
const folder = mkdtempSync(join(tmpdir(), 'an-thu-windows-tokens-'));
const system32 = join(process.env['SystemRoot'] ?? 'C:\\windows', 'System32');
const module64 = join(system32, 'bit4xpki.dll');
const module32 = join(system32, 'eTPKCS11.dll');
const orders = `${module64}.d`;
const uri = `pkcs11:id=%01;type=private?module-path=${module64}`;

let identity: Identity;
let certificate: X509Certificate;
const services: TokenService[] = [];
const spawners: ReturnType<typeof recordingSpawner>[] = [];

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run npm run test:windows`);
  return value;
};
const hexOf = (text: string | undefined): string => Buffer.from(text ?? '', 'base64url').toString('hex');
const order = (...lines: readonly string[]): void =>
  writeFileSync(join(orders, 'control'), [...lines, ''].join('\n'));

let marks = 0;
/** The name of a fault that happens once: another at each call, so that a test tried again meets its fault again. */
const once = (name: string): string => `once=${name}-${++marks}`;

function open(times: { callDeadlineMs?: number } = {}): TokenService {
  const spawner = recordingSpawner();
  spawners.push(spawner);
  const service = createTokenService({ spawner, modules: [{ path: module64 }], softTokens: [], times });
  services.push(service);
  return service;
}

beforeAll(() => {
  identity = createMaterial(folder).identity('Văn thư xã', 'rsa:2048');
  certificate = new X509Certificate(identity.certificate);
  copyFileSync(given('AN_THU_FAULT_MODULE_X64'), module64);
  copyFileSync(given('AN_THU_FAULT_MODULE_IA32'), module32);
  // A run that was broken off leaves its orders behind.
  rmSync(orders, { recursive: true, force: true });
  mkdirSync(orders);
  const key = createPrivateKey(identity.privateKeyPem).export({ format: 'jwk' });
  writeFileSync(join(orders, 'token.crt'), identity.certificate);
  writeFileSync(join(orders, 'token.key'), `${hexOf(key.n)}\n${hexOf(key.d)}\n`);
  writeFileSync(join(orders, 'token.pin'), PIN);
  order();
});

afterEach(async () => {
  for (const service of services.splice(0)) service.close();
  const pids = spawners.splice(0).flatMap(({ handles }) => handles.map(({ pid }) => pid));
  await until(() => pids.every((pid) => !isAlive(pid)));
  order();
});

afterAll(() => {
  for (const path of [module64, module32, orders, folder]) rmSync(path, { recursive: true, force: true });
});

test('these tests run as win32 on x64', () => {
  expect([process.platform, process.arch]).toEqual(['win32', 'x64']);
});

describe('discovery', () => {
  test('finds the drivers in System32 by the table of makers, and nothing that is not there is said to be', async () => {
    const paths = findCandidates([]).map(({ path }) => path.toLowerCase());
    expect(paths).toContain(module64.toLowerCase());
    const { platform, modules } = await diagnoseTokens({
      spawner: createNodeSpawner(),
      configured: [],
      now: new Date(),
    });
    expect(platform).toBe('win32');
    expect(
      modules
        .filter(({ exists }) => exists)
        .map(({ path, vendor }) => [path.toLowerCase(), vendor])
        .toSorted(),
    ).toEqual([
      [module64.toLowerCase(), 'Bit4id (Ban Cơ yếu Chính phủ)'],
      [module32.toLowerCase(), 'SafeNet eToken (gca01, Ban Cơ yếu Chính phủ)'],
    ]);
    const found = modules.find(({ path }) => path.toLowerCase() === module64.toLowerCase());
    expect(found).toMatchObject({ fits: true, loads: true, error: null });
    expect(found?.header).toEqual({ format: 'PE', architectures: ['x64'] });
    const tokens = found?.slots.flatMap(({ token }) => token ?? []) ?? [];
    expect(tokens.flatMap((token) => token.certificates).map(({ summary }) => summary.commonName)).toEqual([
      'Văn thư xã',
    ]);
  });

  test('a 32-bit driver is not loaded, and a sentence says why and what to do', async () => {
    const service = createTokenService({
      spawner: recordingSpawner(),
      modules: [{ path: module32 }],
      softTokens: [],
    });
    services.push(service);
    const [listed] = await service.list();
    expect(listed?.error?.code).toBe('token.module-wrong-architecture');
    const sentence = sentenceFor('token.module-wrong-architecture', listed?.error?.detail);
    expect(sentence).toContain('dành cho PE 32-bit (x86)');
    expect(sentence).toContain('Hãy cài bản trình điều khiển PE 64-bit (x64)');
  });
});

describe('through the token host', () => {
  test('the list shows the certificate without a PIN', async () => {
    const [listed] = await open().list();
    expect(listed?.error).toBeNull();
    expect(
      listed?.tokens.flatMap(({ keys }) => keys.map(({ certificate: shown }) => shown?.commonName)),
    ).toEqual(['Văn thư xã']);
  });

  test('a signature is a true one', async () => {
    const service = open();
    await unlock(service, uri, PIN);
    const signature = await signMessage(await service.key(uri), 'rsa-pkcs1');
    expect(verify('sha256', message, certificate.publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('khác'), certificate.publicKey, signature)).toBe(false);
  });

  test('a wrong PIN is told as such', async () => {
    expect(await codeOf(unlock(open(), uri, '000000'))).toBe('token.pin-incorrect');
  });

  test.each([
    ['C_Login', '0xa4', 'token.pin-locked'],
    ['C_Sign', '0x32', 'token.removed'],
    ['C_Sign', '0x31', 'token.driver-fault'],
    ['C_OpenSession', '0xe0', 'token.not-present'],
  ])('%s answering %s is %s', async (name, value, code) => {
    order(`${name} rv ${value}`);
    const service = open();
    const work = async (): Promise<void> => {
      await unlock(service, uri, PIN);
      await signMessage(await service.key(uri), 'rsa-pkcs1');
    };
    expect(await codeOf(work())).toBe(code);
  });

  test.each(['C_Initialize', 'C_GetTokenInfo', 'C_Sign'])(
    'a crash in %s ends the host only',
    async (name) => {
      order(`${name} segv ${once('crash')}`);
      const service = open();
      const use = async (): Promise<Uint8Array> => {
        const [listed] = await service.list();
        if (listed?.error) throw new AnThuError(listed.error.code as never, listed.error.detail);
        await unlock(service, uri, PIN);
        return await signMessage(await service.key(uri), 'rsa-pkcs1');
      };
      expect(await codeOf(use())).toBe('token.driver-crashed');
      expect(verify('sha256', message, certificate.publicKey, await use())).toBe(true);
    },
  );

  test.each(['C_GetSlotList', 'C_Sign'])('a hang in %s ends at its deadline', async (name) => {
    // The start of a host under Wine counts, too; a login keeps its two minutes.
    const callDeadlineMs = 15_000;
    const service = open({ callDeadlineMs });
    await unlock(service, uri, PIN);
    const key = await service.key(uri);
    order(`${name} hang ${once('hang')}`);
    const started = performance.now();
    const code =
      name === 'C_Sign'
        ? await codeOf(signMessage(key, 'rsa-pkcs1'))
        : (await service.list()).map(({ error }) => error?.code)[0];
    expect(code).toBe('token.driver-timeout');
    expect(performance.now() - started).toBeLessThan(callDeadlineMs + 4000);
    await unlock(service, uri, PIN);
    const signature = await signMessage(await service.key(uri), 'rsa-pkcs1');
    expect(verify('sha256', message, certificate.publicKey, signature)).toBe(true);
  });
});
