import { execFileSync } from 'node:child_process';
import { constants, verify, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenService } from '../../core/ports/token-service.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { codeOf, message, signMessage, unlock } from './harness.ts';

/**
 * A second token in the same library, with a key of the same id and label as the first one's. Its label does not begin with
 * the first one's: pkcs11-tool takes the first token whose label begins with what it was told.
 */
const SECOND = 'may-thu-hai';
let world: FaultWorld;
let secondCertificate: X509Certificate;

beforeAll(() => {
  world = new FaultWorld();
  const env = { ...process.env, ...world.hsm.env };
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { env, stdio: 'pipe' });
  const pins = ['--pin', world.hsm.pin, '--so-pin', '12345678'];
  run('softhsm2-util', '--init-token', '--free', '--label', SECOND, ...pins);
  const identity = world.material.identity('Văn thư khác', 'rsa:2048');
  secondCertificate = new X509Certificate(identity.certificate);
  const at = (name: string): string => join(world.folder, name);
  writeFileSync(at('second.pem'), identity.privateKeyPem);
  writeFileSync(at('second.der'), identity.certificate);
  const names = ['--id', '01', '--label', 'khóa 01'];
  run('softhsm2-util', '--import', at('second.pem'), '--token', SECOND, '--pin', world.hsm.pin, ...names);
  const tool = ['--module', world.hsm.modulePath, '--token-label', SECOND, '--login', '--pin', world.hsm.pin];
  run('pkcs11-tool', ...tool, '--write-object', at('second.der'), '--type', 'cert', ...names);
});
afterEach(() => world.endServices());
afterAll(() => world.remove());

const fits = (certificate: X509Certificate | undefined, signature: Uint8Array): boolean =>
  certificate !== undefined && verify('sha256', message, certificate.publicKey, signature);
const secondUri = (): string => world.token.uri('01').replace('token=an-thu;', `token=${SECOND};`);
const keysOf = async (service: TokenService, label = 'an-thu') =>
  (await service.list())[0]?.tokens.find((token) => token.label === label)?.keys ?? [];

test('a driver that refuses to start without CKF_OS_LOCKING_OK starts', async () => {
  world.token.order('require-os-locking');
  expect((await world.open().list())[0]?.state).toBe('ready');
});

test('a token without PSS says so and goes on with PKCS#1', async () => {
  world.token.order('no-mechanism 0xd');
  const service = world.open();
  await unlock(service, world.token.uri('01'), world.token.pin);
  const key = await service.key(world.token.uri('01'));
  expect(await codeOf(signMessage(key, 'rsa-pss'))).toBe('token.mechanism-unsupported');
  expect(fits(world.certificates.get('01'), await signMessage(key, 'rsa-pkcs1'))).toBe(true);
  world.token.order();
  const pss = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
    key: world.certificates.get('01')!.publicKey,
  };
  expect(verify('sha256', message, pss, await signMessage(key, 'rsa-pss'))).toBe(true);
});

test('a token that can only do RSA says so of an EC key, before and after it is asked', async () => {
  world.token.order('no-mechanism 0x1041');
  const service = world.open();
  await unlock(service, world.token.uri('03'), world.token.pin);
  const key = await service.key(world.token.uri('03'));
  expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.scheme-mismatch');
  expect(await codeOf(signMessage(key, 'ecdsa'))).toBe('token.mechanism-unsupported');
});

test('r and s of an ECDSA signature become DER', async () => {
  const service = world.open();
  await unlock(service, world.token.uri('03'), world.token.pin);
  const signature = await signMessage(await service.key(world.token.uri('03')), 'ecdsa');
  expect(signature[0]).toBe(0x30);
  expect(fits(world.certificates.get('03'), signature)).toBe(true);
});

test('a token that lists certificates only after login can be opened by itself, and then shows its keys', async () => {
  world.token.order('certs-after-login');
  const service = world.open();
  const [hidden, ...more] = await keysOf(service);
  expect(more).toEqual([]);
  expect(hidden).toMatchObject({ id: '', keyType: null, certificate: null });
  expect(await codeOf(service.key(world.token.uri('01')))).toBe('token.certificate-not-found');
  await unlock(service, hidden!.uri, world.token.pin);
  const keys = await keysOf(service);
  expect(keys.map(({ id, keyType }) => [id, keyType]).toSorted()).toEqual([
    ['01', 'rsa'],
    ['03', 'ec'],
  ]);
  const uri = keys.find(({ id }) => id === '01')!.uri;
  expect(fits(world.certificates.get('01'), await signMessage(await service.key(uri), 'rsa-pkcs1'))).toBe(
    true,
  );
  // A key that is known from before is opened and used at once.
  await service.lock();
  await unlock(service, uri, world.token.pin);
  await signMessage(await service.key(uri), 'rsa-pkcs1');
});

test('keys without a certificate are no obstacle to the others, and say what is missing', async () => {
  world.hsm.pkcs11Tool('--keypairgen', '--key-type', 'rsa:2048', '--id', '44', '--label', 'không chứng thư');
  const service = world.open();
  expect((await keysOf(service)).map(({ id }) => id).toSorted()).toEqual(['01', '03']);
  expect(await codeOf(service.key(world.token.uri('44')))).toBe('token.certificate-not-found');
  await unlock(service, world.token.uri('01'), world.token.pin);
  await signMessage(await service.key(world.token.uri('01')), 'rsa-pkcs1');
  world.token.order('no-certs');
  const bare = world.open();
  expect(await codeOf(unlock(bare, world.token.uri('01'), world.token.pin))).toBe(
    'token.certificate-not-found',
  );
  expect((await bare.list())[0]?.tokens[0]?.failedTries).toBe(0);
});

test('a certificate without its key says so, and the PIN was no wrong one', async () => {
  const names = ['--type', 'cert', '--id', '55', '--label', 'không khóa'];
  world.hsm.pkcs11Tool('--write-object', join(world.folder, 'second.der'), ...names);
  const service = world.open();
  expect(await codeOf(unlock(service, world.token.uri('55'), world.token.pin))).toBe('token.key-not-found');
  expect((await service.list())[0]?.tokens[0]).toMatchObject({ failedTries: 0, unlocked: false });
});

describe('two tokens of the same labels', () => {
  test('are told apart by serial, and their keys by URI', async () => {
    world.token.order('label cùng tên');
    const service = world.open();
    const [module] = await service.list();
    expect(module?.tokens.map(({ label }) => label)).toEqual(['cùng tên', 'cùng tên']);
    expect(await codeOf(service.key('pkcs11:token=c%C3%B9ng%20t%C3%AAn;id=%01'))).toBe('token.ambiguous');
    for (const token of module?.tokens ?? []) {
      const key = token.keys.find(({ id }) => id === '01')!;
      await unlock(service, key.uri, world.token.pin);
      const signature = await signMessage(await service.key(key.uri), 'rsa-pkcs1');
      const shown = new X509Certificate(Buffer.from(key.certificate!.der, 'base64'));
      expect(fits(shown, signature)).toBe(true);
    }
  });

  test('stay themselves when the driver numbers its slots anew, also in the middle of a login', async () => {
    const service = world.open();
    await unlock(service, world.token.uri('01'), world.token.pin);
    await unlock(service, secondUri(), world.token.pin);
    const keys = [await service.key(world.token.uri('01')), await service.key(secondUri())] as const;
    for (const shift of [1, 2, 0]) {
      world.token.order(`slot-shift ${shift}`);
      expect(fits(world.certificates.get('01'), await signMessage(keys[0], 'rsa-pkcs1'))).toBe(true);
      expect(fits(secondCertificate, await signMessage(keys[1], 'rsa-pkcs1'))).toBe(true);
      // A failed signature makes the host open its session again: in the right slot.
      world.token.order(`slot-shift ${shift}`, 'C_Sign rv 0x71');
      for (const key of keys)
        expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.mechanism-unsupported');
    }
    world.token.order('slot-shift 1');
    const [module] = await service.list();
    expect(module?.tokens.map(({ label, unlocked }) => [label, unlocked]).toSorted()).toEqual([
      ['an-thu', true],
      [SECOND, true],
    ]);
    expect(fits(world.certificates.get('01'), await signMessage(keys[0], 'rsa-pkcs1'))).toBe(true);
    expect(fits(secondCertificate, await signMessage(keys[1], 'rsa-pkcs1'))).toBe(true);
    expect(world.token.loginsSent()).toBe(2);
  });
});

test('a slow token signs as well: 300 ms a call, and a login of two seconds', async () => {
  world.token.order('C_Login delay 2000', 'C_Sign delay 300');
  const service = world.open();
  const started = performance.now();
  await unlock(service, world.token.uri('01'), world.token.pin);
  const key = await service.key(world.token.uri('01'));
  for (let i = 0; i < 3; i++) await signMessage(key, 'rsa-pkcs1');
  expect(performance.now() - started).toBeGreaterThan(2900);
  expect(world.token.loginsSent()).toBe(1);
});
