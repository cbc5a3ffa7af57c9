import { constants, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenEvent } from '../../core/contract/token.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { createTokenService, type TokenServiceOptions } from '../../native/token-host/client.ts';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { codeOf, isAlive, message, recordingSpawner, signMessage, unlock, until } from './harness.ts';
import { createMaterial, type Material } from './material.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-softhsm-'));
let hsm: SoftHsm;
let issuer: Uint8Array;
const publicKeys = new Map<string, X509Certificate>();
const madeOnToken = new Map<string, X509Certificate>();
let spawner: ReturnType<typeof recordingSpawner>;
let tokens: TokenService | undefined;

beforeAll(() => {
  const material = createMaterial(folder);
  issuer = material.issuer;
  const keys = (['rsa:2048', 'rsa:3072', 'ec'] as const).map((kind, i) => {
    const identity = material.identity(`Văn thư ${kind}`, kind);
    publicKeys.set(`0${i + 1}`, new X509Certificate(identity.certificate));
    return { id: `0${i + 1}`, label: kind, ...identity };
  });
  hsm = createSoftHsm({ folder: join(folder, 'hsm'), keys, certificates: [issuer] });
  addKey(material, '07', '--always-auth', '--usage-sign');
  addKey(material, '08', '--usage-decrypt');
});

afterEach(() => tokens?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a key on the token itself, which can be of a kind that an imported one cannot, with its certificate. */
function addKey(material: Material, id: string, ...kind: string[]): void {
  const names = ['--id', id, '--label', `key ${id}`];
  hsm.pkcs11Tool('--keypairgen', '--key-type', 'rsa:2048', ...kind, ...names);
  const publicFile = join(folder, 'public.der');
  hsm.pkcs11Tool('--read-object', '--type', 'pubkey', '--id', id, '--output-file', publicFile);
  const certificate = material.certify(`Key ${id}`, readFileSync(publicFile));
  const certificateFile = join(folder, 'certificate.der');
  writeFileSync(certificateFile, certificate);
  hsm.pkcs11Tool('--write-object', certificateFile, '--type', 'cert', ...names);
  madeOnToken.set(id, new X509Certificate(certificate));
}

function open(options: Partial<TokenServiceOptions> = {}): TokenService {
  spawner = recordingSpawner();
  tokens = createTokenService({
    spawner,
    modules: [{ path: hsm.modulePath, env: hsm.env }],
    softTokens: [],
    ...options,
  });
  return tokens;
}

const hostPid = (): number => spawner.handles.at(-1)?.pid ?? 0;

describe('a PKCS#11 token', () => {
  test('is listed with its certificates before any PIN, without the CA certificate as a key', async () => {
    const [module] = await open().list();
    expect(module).toMatchObject({ kind: 'pkcs11', state: 'ready', error: null });
    expect(module?.tokens).toHaveLength(1);
    const token = module?.tokens[0];
    expect(token).toMatchObject({
      label: 'an-thu',
      pinState: 'ok',
      unlocked: false,
      failedTries: 0,
      pinPad: false,
    });
    expect(token?.keys.map(({ id, keyType, bits }) => [id, keyType, bits]).toSorted()).toEqual([
      ['01', 'rsa', 2048],
      ['02', 'rsa', 3072],
      ['03', 'ec', 256],
      ['07', 'rsa', 2048],
      ['08', 'rsa', 2048],
    ]);
    const certificate = token?.keys.find(({ id }) => id === '01')?.certificate;
    expect(certificate).toMatchObject({
      commonName: 'Văn thư rsa:2048',
      organization: 'UBND xã Thử Nghiệm',
      issuer: 'CA thử nghiệm',
      fingerprint: publicKeys.get('01')?.fingerprint256.replaceAll(':', '').toLowerCase(),
    });
  });

  test('signs with RSA-2048, RSA-3072 and P-256 so that node:crypto verifies', async () => {
    const service = open();
    await unlock(service, hsm.uri('01'), hsm.pin);
    for (const [id, certificate] of publicKeys) {
      const key = await service.key(hsm.uri(id));
      expect(Buffer.from(key.certificate).equals(certificate.raw)).toBe(true);
      expect(key.chain.map((der) => Buffer.from(der).equals(issuer))).toEqual([true]);
      const { publicKey } = certificate;
      if (key.keyType === 'ec') {
        const sha256 = await signMessage(key, 'ecdsa');
        expect(verify('sha256', message, publicKey, sha256)).toBe(true);
        const sha384 = await signMessage(key, 'ecdsa', 'sha384');
        expect(verify('sha384', message, publicKey, sha384)).toBe(true);
        continue;
      }
      expect(verify('sha256', message, publicKey, await signMessage(key, 'rsa-pkcs1'))).toBe(true);
      const pss = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
      expect(verify('sha384', message, pss, await signMessage(key, 'rsa-pss', 'sha384'))).toBe(true);
    }
  });

  test('is named by a URI without module path, and keys listed can be used by their own URI', async () => {
    const service = open();
    const [module] = await service.list();
    const uri = module?.tokens[0]?.keys.find(({ id }) => id === '02')?.uri ?? '';
    await unlock(service, uri, hsm.pin);
    const key = await service.key('pkcs11:token=an-thu;object=rsa:3072');
    expect(key.bits).toBe(3072);
    expect(
      verify('sha256', message, publicKeys.get('02')!.publicKey, await signMessage(key, 'rsa-pkcs1')),
    ).toBe(true);
  });

  test('is found among several modules, one of which cannot be loaded', async () => {
    const service = open({
      modules: [{ path: join(folder, 'missing.so') }, { path: hsm.modulePath, env: hsm.env }],
    });
    const uri = 'pkcs11:token=an-thu;id=%01';
    await unlock(service, uri, hsm.pin);
    await signMessage(await service.key(uri), 'rsa-pkcs1');
    expect(await codeOf(service.key('pkcs11:token=an-thu;id=%55'))).toBe('token.not-present');
  });

  test('says that the PIN is wrong once for one wrong PIN, counts it, and ends the process that saw it', async () => {
    const service = open();
    expect(await codeOf(unlock(service, hsm.uri('01'), '654321'))).toBe('token.pin-incorrect');
    await until(() => !isAlive(hostPid()));
    const [module] = await service.list();
    expect(module?.tokens[0]).toMatchObject({ failedTries: 1, unlocked: false, pinState: 'count-low' });
    const unlocks = spawner.traffic.filter((sent) => JSON.stringify(sent).includes('"method":"unlock"'));
    expect(unlocks).toHaveLength(1);
    await unlock(service, hsm.uri('01'), hsm.pin);
    const [after] = await service.list();
    expect(after?.tokens[0]).toMatchObject({ failedTries: 0, unlocked: true });
  });

  test('never gets a PIN of a length that it cannot have', async () => {
    const service = open();
    expect(await codeOf(unlock(service, hsm.uri('01'), '12'))).toBe('token.pin-length');
    expect(await codeOf(unlock(service, hsm.uri('01'), ''))).toBe('token.pin-length');
    const [module] = await service.list();
    expect(module?.tokens[0]?.failedTries).toBe(0);
  });

  test('cannot sign before it is unlocked, nor after it is locked', async () => {
    const service = open();
    const key = await service.key(hsm.uri('01'));
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.not-unlocked');
    await unlock(service, hsm.uri('01'), hsm.pin);
    await signMessage(key, 'rsa-pkcs1');
    const pid = hostPid();
    await service.lock(hsm.uri('01'));
    await until(() => !isAlive(pid));
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.not-unlocked');
  });

  test('locks by itself when it is not used, and says so', async () => {
    const service = open({ times: { idleLockMs: 300 } });
    const events: TokenEvent[] = [];
    service.onEvent((event) => events.push(event));
    await unlock(service, hsm.uri('01'), hsm.pin);
    const pid = hostPid();
    await until(() => events.some(({ kind, reason }) => kind === 'locked' && reason === 'idle'));
    await until(() => !isAlive(pid));
    expect(await codeOf(service.key(hsm.uri('01')).then((key) => signMessage(key, 'rsa-pkcs1')))).toBe(
      'token.not-unlocked',
    );
  });

  test('gives the PIN with every signature to a key that wants it so', async () => {
    const service = open();
    const key = await service.key(hsm.uri('07'));
    await unlock(service, hsm.uri('01'), hsm.pin);
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.pin-required');
    await unlock(service, hsm.uri('07'), hsm.pin);
    for (let i = 0; i < 3; i++) {
      const signature = await signMessage(key, 'rsa-pkcs1');
      expect(verify('sha256', message, madeOnToken.get('07')!.publicKey, signature)).toBe(true);
    }
  });

  test('keeps the session good after a signature that failed', async () => {
    const service = open();
    await unlock(service, hsm.uri('01'), hsm.pin);
    const key = await service.key(hsm.uri('01'));
    expect(await codeOf(signMessage(key, 'ecdsa'))).toBe('token.scheme-mismatch');
    expect(
      verify('sha256', message, publicKeys.get('01')!.publicKey, await signMessage(key, 'rsa-pkcs1')),
    ).toBe(true);
  });

  test('says that it is not there, or that the key is not there, before a PIN is sent', async () => {
    const service = open();
    expect(await codeOf(unlock(service, 'pkcs11:token=khác;id=%01', hsm.pin))).toBe('token.not-present');
    expect(await codeOf(service.key('pkcs11:token=an-thu;id=%55'))).toBe('token.certificate-not-found');
    expect(await codeOf(service.key('pkcs11:token=an-thu'))).toBe('token.ambiguous');
  });

  test('refuses a PIN in the URI and a library that was not configured', async () => {
    const service = open();
    expect(await codeOf(service.key('pkcs11:token=an-thu;id=%01?pin-value=123456'))).toBe(
      'token.pin-value-refused',
    );
    expect(await codeOf(service.key('pkcs11:token=an-thu;id=%01?module-path=/tmp/x.so'))).toBe(
      'token.module-not-configured',
    );
  });
});

describe('the sealed PIN', () => {
  test('never appears in what the engine relays', async () => {
    const service = open();
    await unlock(service, hsm.uri('01'), hsm.pin);
    const key = await service.key(hsm.uri('01'));
    await signMessage(key, 'rsa-pkcs1');
    const relayed = JSON.stringify(spawner.traffic);
    expect(relayed).toContain('"method":"unlock"');
    const inUtf16 = Buffer.from(hsm.pin, 'utf16le');
    for (const bytes of [Buffer.from(hsm.pin), inUtf16])
      for (const encoding of ['utf8', 'base64', 'hex'] as const)
        expect(relayed).not.toContain(bytes.toString(encoding));
  });

  test('works once, for the key it was made for', async () => {
    const { sealPin } = await import('../../core/contract/seal-pin.ts');
    const service = open();
    const sealed = await sealPin(await service.pinKey(hsm.uri('01')), hsm.pin);
    expect(await codeOf(service.unlock(hsm.uri('02'), sealed))).toBe('token.pin-key-spent');
    expect(await codeOf(service.unlock(hsm.uri('01'), sealed))).toBe('token.pin-key-spent');
    const again = await sealPin(await service.pinKey(hsm.uri('01')), hsm.pin);
    await service.unlock(hsm.uri('01'), again);
    expect(await codeOf(service.unlock(hsm.uri('01'), again))).toBe('token.pin-key-spent');
  });

  test('that was tampered with is refused without a try', async () => {
    const { sealPin } = await import('../../core/contract/seal-pin.ts');
    const service = open();
    const sealed = await sealPin(await service.pinKey(hsm.uri('01')), hsm.pin);
    const ciphertext = Buffer.from(sealed.ciphertext, 'base64');
    ciphertext.writeUInt8(ciphertext.readUInt8(3) ^ 1, 3);
    const bad = { ...sealed, ciphertext: ciphertext.toString('base64') };
    expect(await codeOf(service.unlock(hsm.uri('01'), bad))).toBe('token.sealed-pin-invalid');
  });
});

describe('a token host', () => {
  test('killed in the middle of a call is a typed error; after unlocking the next call works', async () => {
    const service = open();
    const events: TokenEvent[] = [];
    service.onEvent((event) => events.push(event));
    await unlock(service, hsm.uri('02'), hsm.pin);
    const key = await service.key(hsm.uri('02'));
    process.kill(hostPid(), 'SIGSTOP');
    const signing = codeOf(signMessage(key, 'rsa-pkcs1'));
    process.kill(hostPid(), 'SIGKILL');
    expect(await signing).toBe('token.driver-crashed');
    expect(events.map(({ kind }) => kind)).toEqual(['unlocked', 'locked', 'died']);
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.not-unlocked');
    await unlock(service, hsm.uri('02'), hsm.pin);
    await signMessage(key, 'rsa-pkcs1');
  });

  test('that hangs is killed at its deadline, and the token is locked again', async () => {
    const service = open({ times: { callDeadlineMs: 3000 } });
    await unlock(service, hsm.uri('01'), hsm.pin);
    const key = await service.key(hsm.uri('01'));
    const pid = hostPid();
    process.kill(pid, 'SIGSTOP');
    const started = performance.now();
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.driver-timeout');
    expect(performance.now() - started).toBeLessThan(5000);
    await until(() => !isAlive(pid));
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.not-unlocked');
  });

  test('can be locked when nothing was ever unlocked, without starting a process', async () => {
    const service = open();
    await service.lock();
    expect(spawner.handles).toHaveLength(0);
  });
});
