import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import type { PluggedToken } from '../../native/pkcs11/module.ts';
import { chooseCertificate, type TokenCertificate } from '../../native/pkcs11/token-objects.ts';
import { describeToken, resolveKey } from '../../native/pkcs11/token-view.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { createMaterial } from './material.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-certificate-'));
const material = createMaterial(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const identity = material.identity('Văn thư', 'rsa:2048');
const publicKey = new X509Certificate(identity.certificate).publicKey.export({ format: 'der', type: 'spki' });
const older = identity.certificate;
const newer = material.certify('Văn thư', publicKey);
const certificate = (id: string, label: string, der: Uint8Array): TokenCertificate => ({ id, label, der });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AnThuError) return thrown.code;
    throw thrown;
  }
  return 'none';
};

describe('a token whose objects have no ids', () => {
  const all = [certificate('', 'cơ quan', older), certificate('', 'cá nhân', newer)];

  test('does not have one of its keys picked for an address that names none', () => {
    expect(codeOf(() => chooseCertificate(all, {}))).toBe('token.ambiguous');
    expect(codeOf(() => chooseCertificate(all, { type: 'private' }))).toBe('token.ambiguous');
  });

  test('has the one that the address names', () => {
    expect(chooseCertificate(all, { object: 'cơ quan' })).toBe(all[0]);
  });
});

test('a certificate of the authority that bears the key’s id is not taken for the key’s', () => {
  const all = [certificate('01', 'CA', material.issuer), certificate('01', 'văn thư', older)];
  expect(chooseCertificate(all, { id: '01' })).toBe(all[1]);
});

test('the certificate that is shown for a renewed key is the one that will sign', () => {
  const token: PluggedToken = {
    slot: Buffer.alloc(8),
    label: 't',
    manufacturer: 'm',
    model: '',
    serial: '1',
    flags: 0x40c,
    minPinLength: 4,
    maxPinLength: 8,
  };
  const all = [certificate('01', 'cũ', older), certificate('01', 'mới', newer)];
  for (const seen of [all, all.toReversed()]) {
    const { keys } = describeToken(token, seen, { modulePath: '/m.so', unlocked: false });
    expect(keys).toHaveLength(1);
    const { key } = resolveKey(seen, token, keys[0]?.uri ?? '', '/m.so');
    expect(keys[0]?.certificate?.der).toBe(Buffer.from(key.certificate).toString('base64'));
  }
});
