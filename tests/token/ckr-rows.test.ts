import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pkcs11js from 'pkcs11js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenService } from '../../core/ports/token-service.ts';
import { sentenceFor } from '../../core/contract/sentences.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { type CkrStage, ckrTable } from '../../native/pkcs11/ckr-table.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { createSoftHsm } from '../../scripts/lib/softhsm.ts';
import { createFaultToken, type FaultToken } from '../fault-module/fault-token.ts';
import { recordingSpawner, signMessage, unlock } from './harness.ts';
import { createMaterial } from './material.ts';

/*
 * One test for each row of docs/token-errors.md and each stage: a real module, in a real token host, answers with that
 * return value.
 */
const folder = mkdtempSync(join(tmpdir(), 'an-thu-ckr-'));
const constants: Readonly<Record<string, unknown>> = { ...pkcs11js };
const names = Object.keys(ckrTable);
let token: FaultToken;
let service: TokenService;
let isUnlocked = false;

beforeAll(() => {
  const identity = createMaterial(folder).identity('Văn thư', 'rsa:2048');
  const hsm = createSoftHsm({
    folder: join(folder, 'hsm'),
    keys: [{ id: '01', label: 'khóa', ...identity }],
  });
  token = createFaultToken(folder, hsm);
  service = createTokenService({
    spawner: recordingSpawner(),
    modules: [{ path: token.modulePath }],
    softTokens: [],
  });
});

afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

const valueOf = (name: string): string => `0x${Number(constants[name] ?? 0x80000001).toString(16)}`;

async function errorOf(work: Promise<unknown>): Promise<AnThuError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof AnThuError) return thrown;
    throw thrown;
  }
  throw new Error('expected an error');
}

/** What the table says, and that a person gets a whole sentence. */
function expectRow(error: AnThuError, name: string, stage: CkrStage): void {
  const row = ckrTable[name]?.[stage];
  expect([error.code, error.detail['trySpent']]).toEqual([row?.code, row?.trySpent]);
  const sentence = sentenceFor(error.code, error.detail, 'vi');
  expect(sentence.length).toBeGreaterThan(40);
  expect(sentence).not.toMatch(/[{}]|undefined/);
}

describe('when the list is read, a module that answers', () => {
  test.each(names)('%s', async (name) => {
    token.order(`C_GetTokenInfo rv ${valueOf(name)}`);
    const [module] = await service.list();
    const error = module?.slots[0]?.error;
    expectRow(new AnThuError(error!.code as never, error!.detail), name, 'list');
    token.order();
    const [after] = await service.list();
    expect(after).toMatchObject({ state: 'ready', tokens: [{ label: 'an-thu' }] });
  });
});

describe('when the PIN is sent, a module that answers', () => {
  test.each(names)('%s', async (name) => {
    token.forget();
    token.order(`C_Login rv ${valueOf(name)}`);
    const error = await errorOf(unlock(service, token.uri('01'), token.pin, { lastTry: 'confirmed' }));
    expectRow(error, name, 'login');
    expect(token.loginsSent()).toBe(1);
  });
});

describe('when a signature is made, a module that answers', () => {
  test.each(names)('%s', async (name) => {
    token.order();
    if (!isUnlocked) await unlock(service, token.uri('01'), token.pin, { lastTry: 'confirmed' });
    isUnlocked = true;
    token.forget();
    const key = await service.key(token.uri('01'));
    token.order(`C_Sign rv ${valueOf(name)}`);
    const error = await errorOf(signMessage(key, 'rsa-pkcs1'));
    token.order();
    const [module] = await service.list();
    isUnlocked = module?.tokens[0]?.unlocked === true;
    expectRow(error, name, 'sign');
    expect(token.loginsSent()).toBe(0);
  });
});
