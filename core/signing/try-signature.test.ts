import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMaterial } from '../../tests/token/material.ts';
import type { SigningKey, SignRequest } from '../ports/signing-key.ts';
import { trySignature } from './try-signature.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-try-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a trial is over fresh bytes each time, and a token that signs wrongly is told', async () => {
  const { certificate } = createMaterial(folder).identity('Chủ tịch', 'ec');
  const { privateKey: another } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const asked: SignRequest[] = [];
  const key: SigningKey = {
    uri: '',
    label: 'Chủ tịch',
    keyType: 'ec',
    bits: 256,
    certificate,
    chain: [],
    sign: (request) => {
      asked.push(request);
      return Promise.resolve(sign('sha256', createHash('sha256').digest(), another));
    },
  };
  for (let i = 0; i < 2; i++)
    await expect(trySignature(key)).rejects.toMatchObject({ code: 'signing.bad-signature' });
  expect(asked.map(({ scheme }) => scheme)).toEqual(['ecdsa', 'ecdsa']);
  expect(Buffer.from(asked[0]!.digest).equals(Buffer.from(asked[1]!.digest))).toBe(false);
});
