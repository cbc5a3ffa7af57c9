import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { issuingOf, keyFiles, useVendor } from './vendor.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-nss-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('NSS softokn: its database is a token that lists, opens and signs a letter which openssl accepts', async () => {
  mkdirSync(join(folder, 'pki'));
  const pki = makeTestPki(join(folder, 'pki'));
  const database = join(folder, 'nssdb');
  mkdirSync(database);
  const pin = 'mat-khau-nss';
  writeFileSync(join(folder, 'pin'), pin);
  const pass = ['-d', `sql:${database}`];
  execFileSync('certutil', ['-N', ...pass, '-f', join(folder, 'pin')]);
  const { p12 } = keyFiles(pki, 'signer-nss');
  execFileSync('pk12util', ['-i', p12, ...pass, '-k', join(folder, 'pin'), '-W', 'p12'], { stdio: 'pipe' });
  const vendor = {
    modulePath: '/usr/lib/x86_64-linux-gnu/libsoftokn3.so',
    env: {
      AN_THU_MODULE_PARAMETERS: `configdir='sql:${database}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly`,
    },
    pin,
    commonName: 'signer-nss',
  };
  const { token, wrongPin, output, signed } = await useVendor(vendor, folder, issuingOf(pki));
  expect(token.label).toBe('NSS Certificate DB');
  expect(signed).toEqual(['rsa-pss', 'rsa-pkcs1']);
  expect(wrongPin).toBe('token.pin-incorrect');
  expect(makeOracles(pki).opensslCms(output)).toBe(2);
});
