import { verify, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Token, TokenEvent } from '../../core/contract/token.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';
import { startTestTsa, type TestTsa } from '../lib/test-tsa.ts';
import { createPinPad, type PinPad } from '../virtual-card/pin-pad.ts';
import { presenceTimer } from '../virtual-card/presence-timer.ts';
import { type CardReader, openScModule, startCardReader } from '../virtual-card/reader.ts';
import { codeOf, message, signMessage, unlock, until } from './harness.ts';
import { createMaterial } from './material.ts';

/*
 * A PIV card of our own in a virtual reader, behind pcscd and OpenSC: true plugging in and pulling out, a PIN that locks, a key
 * that wants the PIN every time. All of it in one file: there is one reader, and the tests share the card's try counter.
 */
const folder = mkdtempSync(join(tmpdir(), 'an-thu-card-'));
const pin = '246813';
const spawner = presenceTimer();
const certificates = { authentication: '', signature: '' };
let pki: TestPki;
let oracles: PdfOracles;
let tsa: TestTsa;
let hsm: SoftHsm;
let reader: CardReader;
let tokens: TokenService;
let events: TokenEvent[] = [];

/** Beyond what the module itself blocks. */
const noticeMs = 1_000;

beforeAll(async () => {
  mkdirSync(join(folder, 'pki'));
  mkdirSync(join(folder, 'material'));
  pki = makeTestPki(join(folder, 'pki'));
  oracles = makeOracles(pki);
  tsa = await startTestTsa(pki);
  const identity = createMaterial(join(folder, 'material')).identity('Khóa trên SoftHSM', 'rsa:2048');
  hsm = createSoftHsm({ folder: join(folder, 'hsm'), keys: [{ id: '01', label: 'hsm', ...identity }] });
  const content = (kind: 'P-256' | 'rsa-2048', name: string) => ({
    certificate: Buffer.from(pki.key(kind, name).certificate).toString('base64'),
    privateKeyPem: readFileSync(join(pki.dir, `${name}.key`), 'utf8'),
  });
  const keys = {
    authentication: content('P-256', 'card-person'),
    signature: content('rsa-2048', 'card-agency'),
  };
  certificates.authentication = keys.authentication.certificate;
  certificates.signature = keys.signature.certificate;
  reader = await startCardReader(folder, { pin, tries: 3, ...keys });
});

afterAll(async () => {
  await reader?.close();
  await tsa?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  tokens = createTokenService({
    spawner,
    modules: [
      { path: openScModule, env: reader.env },
      { path: hsm.modulePath, env: hsm.env },
    ],
    softTokens: [],
  });
  events = [];
  tokens.onEvent((event) => events.push(event));
  if (!(await reader.look()).inserted) await reader.insert();
  await reader.shown();
});

afterEach(async () => {
  tokens.close();
  await reader.behave({});
  await reader.unblock();
});

async function card(): Promise<Token> {
  const modules = await tokens.list();
  const token = modules.find(({ path }) => path === openScModule)?.tokens[0];
  if (!token) throw new Error(`no card: ${JSON.stringify(modules[0])}`);
  return token;
}

const keyUri = async (bits: number): Promise<string> =>
  (await card()).keys.find((key) => key.bits === bits)?.uri ?? '';

const publicKeyOf = (certificate: string) =>
  new X509Certificate(Buffer.from(certificate, 'base64')).publicKey;

describe('a card in a reader', () => {
  test('is listed with its keys and the state of its PIN, without a PIN', async () => {
    const token = await card();
    expect(token).toMatchObject({ pinState: 'ok', unlocked: false, pinPad: false });
    expect(token.keys.map(({ keyType, bits }) => [keyType, bits]).toSorted()).toEqual([
      ['ec', 256],
      ['rsa', 2048],
    ]);
    expect((await reader.look()).pinsSent).toBe(0);
  });

  test('signs with P-256 after one PIN, as often as wanted, beside a token of another make', async () => {
    const uri = await keyUri(256);
    const before = await reader.look();
    await unlock(tokens, uri, pin);
    await unlock(tokens, hsm.uri('01'), hsm.pin);
    const key = await tokens.key(uri);
    for (let i = 0; i < 3; i++)
      expect(
        verify('sha256', message, publicKeyOf(certificates.authentication), await signMessage(key, 'ecdsa')),
      ).toBe(true);
    await signMessage(await tokens.key(hsm.uri('01')), 'rsa-pkcs1');
    const after = await reader.look();
    expect([after.pinsSent - before.pinsSent, after.signatures - before.signatures]).toEqual([1, 3]);
  });

  test('signs a PDF with the key that wants the PIN every time; a foreign verifier accepts it', async () => {
    const uri = await keyUri(2048);
    const before = await reader.look();
    await unlock(tokens, uri, pin);
    const input = join(folder, 'letter.pdf');
    const output = join(folder, 'signed.pdf');
    writeFileSync(input, rawPdf({ objects: onePageObjects() }));
    const signed = await signPdf({
      inputPath: input,
      outputPath: output,
      // The card holds no CA certificate; the office's trust list has it.
      key: { ...(await tokens.key(uri)), chain: pki.key('P-256', 'other').chain },
      level: 'B-T',
      tsa: { url: tsa.url },
      signingTime: '2026-11-20T15:04:05+07:00',
    });
    expect(signed).toMatchObject({ level: 'B-T', pending: [] });
    const report = oracles.pdfsig(output);
    expect(report.validity).toEqual(['Signature is Valid.']);
    expect(report.certificates).toEqual(['Certificate is Trusted.']);
    expect(oracles.opensslCms(output)).toBe(1);
    await signMessage(await tokens.key(uri), 'rsa-pkcs1');
    const after = await reader.look();
    expect(after.signatures - before.signatures).toBe(2);
    // Once to log in, and once for each signature.
    expect(after.pinsSent - before.pinsSent).toBe(3);
    expect(after.pinsWrong).toBe(before.pinsWrong);
  });

  test('that is slow still signs', async () => {
    const uri = await keyUri(256);
    await unlock(tokens, uri, pin);
    const key = await tokens.key(uri);
    await reader.behave({ delayMs: 400 });
    const started = performance.now();
    const signature = await signMessage(key, 'ecdsa');
    expect(performance.now() - started).toBeGreaterThan(400);
    expect(verify('sha256', message, publicKeyOf(certificates.authentication), signature)).toBe(true);
  });
});

describe('plugging', () => {
  test('in and out is noticed within a second beyond the module’s own blocking time; the token keeps its identity', async () => {
    const { id } = await card();
    tokens.watch();
    await until(() => events.some(({ kind, tokenId }) => kind === 'present' && tokenId === id));
    const noticed = async (kind: TokenEvent['kind'], change: () => Promise<unknown>): Promise<number> => {
      spawner.forget();
      const started = performance.now();
      await change();
      await until(() => events.some((event) => event.kind === kind && event.tokenId === id));
      return performance.now() - started - spawner.longest();
    };
    expect(await noticed('unplugged', () => reader.remove())).toBeLessThan(noticeMs);
    expect(await noticed('plugged', () => reader.insert())).toBeLessThan(noticeMs);
    expect((await card()).id).toBe(id);
  });

  test('out an unlocked card locks it, and says so', async () => {
    const uri = await keyUri(256);
    await unlock(tokens, uri, pin);
    const key = await tokens.key(uri);
    await signMessage(key, 'ecdsa');
    tokens.watch();
    await reader.remove();
    await until(() => events.some(({ kind }) => kind === 'locked'));
    const code = await codeOf(signMessage(key, 'ecdsa'));
    expect(['token.not-present', 'token.not-unlocked', 'token.removed']).toContain(code);
    expect((await reader.look()).triesLeft).toBe(3);
  });

  test('out in the middle of a signature is a typed error; plugged in again and unlocked it goes on', async () => {
    const uri = await keyUri(256);
    await unlock(tokens, uri, pin);
    const key = await tokens.key(uri);
    await reader.behave({ pullAt: 0x87 });
    const before = await reader.look();
    expect(['token.removed', 'token.not-present']).toContain(await codeOf(signMessage(key, 'ecdsa')));
    expect((await reader.look()).inserted).toBe(false);
    await reader.insert();
    expect(['token.not-unlocked', 'token.not-present']).toContain(await codeOf(signMessage(key, 'ecdsa')));
    await reader.shown();
    expect((await card()).keys).toHaveLength(2);
    await unlock(tokens, uri, pin);
    const signature = await signMessage(await tokens.key(uri), 'ecdsa');
    expect(verify('sha256', message, publicKeyOf(certificates.authentication), signature)).toBe(true);
    const after = await reader.look();
    expect([after.pinsWrong, after.pinsSent - before.pinsSent]).toEqual([before.pinsWrong, 1]);
  });
});

describe('the PIN', () => {
  test('of a wrong length costs no try', async () => {
    const uri = await keyUri(256);
    const before = await reader.look();
    expect(await codeOf(unlock(tokens, uri, '12'))).toBe('token.pin-length');
    expect((await reader.look()).pinsSent).toBe(before.pinsSent);
  });

  test('wrong is one try each, the last only when somebody says so, and locked is left alone', async () => {
    const uri = await keyUri(256);
    const { pinsSent } = await reader.look();
    const sent = async (): Promise<[number, number]> => {
      const state = await reader.look();
      return [state.pinsSent - pinsSent, state.triesLeft];
    };
    expect(await codeOf(unlock(tokens, uri, '000000'))).toBe('token.pin-incorrect');
    expect(await sent()).toEqual([1, 2]);
    expect(await card()).toMatchObject({ failedTries: 1, unlocked: false });

    expect(await codeOf(unlock(tokens, uri, '000001'))).toBe('token.pin-incorrect');
    expect(await sent()).toEqual([2, 1]);
    expect((await card()).pinState).toBe('final-try');

    expect(await codeOf(unlock(tokens, uri, pin))).toBe('token.last-try-needs-confirmation');
    expect(await sent()).toEqual([2, 1]);

    expect(await codeOf(unlock(tokens, uri, '000002', { lastTry: 'confirmed' }))).toMatch(
      /^token\.pin-(incorrect|locked)$/,
    );
    expect(await sent()).toEqual([3, 0]);
    expect((await card()).pinState).toBe('locked');

    expect(await codeOf(unlock(tokens, uri, pin, { lastTry: 'confirmed' }))).toBe('token.pin-locked');
    expect(await sent()).toEqual([3, 0]);
  });

  test('right at the last try opens the card again', async () => {
    const uri = await keyUri(256);
    await codeOf(unlock(tokens, uri, '000000'));
    await codeOf(unlock(tokens, uri, '000001'));
    await unlock(tokens, uri, pin, { lastTry: 'confirmed' });
    expect((await reader.look()).triesLeft).toBe(3);
    await signMessage(await tokens.key(uri), 'ecdsa');
  });
});

/*
 * OpenSC asks on the keypad only for an absent PIN, which pkcs11js cannot hand over; one of length zero it sends to the card as
 * a wrong PIN (docs/tokens.md, PIN pads). What must hold: no such try is ever made, and the PIN typed on the screen works.
 */
describe('a reader with a PIN pad', () => {
  let pad: PinPad;
  let withPad: TokenService;
  beforeAll(() => void (pad = createPinPad(folder)));
  afterEach(() => withPad.close());
  const open = async (env: Readonly<Record<string, string>> = {}): Promise<Token> => {
    const modules = [{ path: openScModule, env: { ...reader.env, ...pad.env, ...env } }];
    withPad = createTokenService({ spawner, modules, softTokens: [] });
    const token = (await withPad.list())[0]?.tokens[0];
    if (!token) throw new Error('no card');
    return token;
  };
  const uriOf = (token: Token): string => token.keys.find(({ bits }) => bits === 256)?.uri ?? '';

  test('costs no try: without a PIN nothing is sent, with the PIN typed on the screen it signs', async () => {
    const token = await open();
    const before = await reader.look();
    for (let i = 0; i < 3; i++)
      expect(await codeOf(withPad.unlock(uriOf(token), null))).toBe('token.pin-required');
    expect(await reader.look()).toMatchObject({ pinsSent: before.pinsSent, triesLeft: 3 });
    await unlock(withPad, uriOf(token), pin);
    const signature = await signMessage(await withPad.key(uriOf(token)), 'ecdsa');
    expect(verify('sha256', message, publicKeyOf(certificates.authentication), signature)).toBe(true);
    expect((await reader.look()).pinsSent).toBe(before.pinsSent + 1);
  });

  test('would lose one each time if we believed the flag: that is why we do not', async () => {
    const token = await open({ AN_THU_PIN_PAD: 'asks' });
    expect(token.pinPad).toBe(true);
    const before = await reader.look();
    pad.type(pin);
    expect(await codeOf(withPad.unlock(uriOf(token), null))).toBe('token.pin-incorrect');
    expect(await reader.look()).toMatchObject({ pinsSent: before.pinsSent + 1, triesLeft: 2 });
  });
});
