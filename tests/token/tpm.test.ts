import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { loopbackPort } from '../../scripts/lib/loopback-port.ts';
import { makeOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';
import { issuingOf, pkcs11Tool, useVendor } from './vendor.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-tpm-'));
let emulator: ChildProcess | undefined;

afterAll(() => {
  emulator?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Whether somebody listens there, by the kernel's own list: to listen there for a try would take the port from the TPM. */
const isListening = (port: number): boolean =>
  readFileSync('/proc/net/tcp', 'utf8').includes(
    ` 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A `,
  );

/** A TPM made of software, on loopback, with its state in the test's folder. */
async function startTpm(): Promise<number> {
  // The module expects the control channel at the next port.
  const port = await loopbackPort('free');
  mkdirSync(join(folder, 'state'));
  emulator = spawn(
    'swtpm',
    ['socket', '--tpm2', '--tpmstate', `dir=${join(folder, 'state')}`]
      .concat(['--server', `type=tcp,port=${port},bindaddr=127.0.0.1`])
      .concat(['--ctrl', `type=tcp,port=${port + 1},bindaddr=127.0.0.1`])
      .concat(['--flags', 'not-need-init,startup-clear']),
    { stdio: 'ignore' },
  );
  const tpm = emulator;
  const end = performance.now() + 60_000;
  while (![port, port + 1].every(isListening)) {
    if (tpm.exitCode !== null || performance.now() > end) throw new Error(`no TPM at port ${port}`);
    await pause(25);
  }
  return port;
}

/** A certificate of the PKI for a key that was made on the token. */
function certify(pki: TestPki, commonName: string, publicKey: string): string {
  const at = (name: string): string => join(pki.dir, name);
  writeFileSync(at('token.ext'), 'keyUsage=critical,digitalSignature,nonRepudiation\n');
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: pki.dir, stdio: 'pipe' });
  openssl('rsa', '-pubin', '-inform', 'DER', '-in', publicKey, '-out', at('token.pub'));
  openssl('x509', '-new', '-force_pubkey', at('token.pub'), '-subj', `/C=VN/CN=${commonName}`, '-days', '365',
    '-CA', pki.issuingPem, '-CAkey', at('issuing.key'), '-CAcreateserial', '-extfile', at('token.ext'),
    '-out', at('token.pem')); // prettier-ignore
  openssl('x509', '-in', at('token.pem'), '-outform', 'DER', '-out', at('token.der'));
  return at('token.der');
}

test('tpm2-pkcs11 on a software TPM: a key that never leaves the chip signs a letter which openssl accepts', async () => {
  mkdirSync(join(folder, 'pki'));
  mkdirSync(join(folder, 'store'));
  const pki = makeTestPki(join(folder, 'pki'));
  const port = await startTpm();
  const pin = '135791';
  const vendor = {
    modulePath: '/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so',
    env: {
      TPM2_PKCS11_TCTI: `swtpm:host=127.0.0.1,port=${port}`,
      TPM2_PKCS11_STORE: join(folder, 'store'),
      TPM2_PKCS11_LOG_LEVEL: '0',
      TSS2_LOG: 'all+NONE',
    },
    pin,
    commonName: 'signer-tpm',
  };
  pkcs11Tool(vendor, '--slot', '1', '--init-token', '--label', 'tpm', '--so-pin', '12345678');
  const login = ['--token-label', 'tpm', '--login'];
  pkcs11Tool(vendor, ...login, '--login-type', 'so', '--so-pin', '12345678', '--init-pin', '--new-pin', pin);
  const user = [...login, '--pin', pin, '--id', '01', '--label', 'văn thư'];
  pkcs11Tool(vendor, ...user, '--keypairgen', '--key-type', 'rsa:2048');
  const publicKey = join(folder, 'public.der');
  pkcs11Tool(vendor, ...user, '--read-object', '--type', 'pubkey', '--output-file', publicKey);
  expect(readFileSync(publicKey).length).toBeGreaterThan(200);
  pkcs11Tool(vendor, ...user, '--type', 'cert', '--write-object', certify(pki, 'signer-tpm', publicKey));

  const { token, wrongPin, output, signed, refused } = await useVendor(vendor, folder, issuingOf(pki));
  expect(token).toMatchObject({ label: 'tpm' });
  // This module has no PSS over a ready digest: said so, and the login is good for the next signature.
  expect(refused).toEqual({ 'rsa-pss': 'token.mechanism-unsupported' });
  expect(signed).toEqual(['rsa-pkcs1']);
  expect(wrongPin).toBe('token.pin-incorrect');
  expect(makeOracles(pki).opensslCms(output)).toBe(1);
});
