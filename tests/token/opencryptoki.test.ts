import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { namespaces } from '../lib/namespaces.ts';
import { makeOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { issuingOf, keyFiles } from './vendor.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-ock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * openCryptoki knows one daemon, one state and one configuration for the whole machine: here each is the test's own, in
 * namespaces that end with it. One slot, the token of software.
 */
const ownPlaces = `
set -e
mount -t tmpfs none /run
mount -t tmpfs none /dev/shm
mount -t tmpfs none /var/lib/opencryptoki
mount -t tmpfs none /var/log
mkdir -p /run/lock/opencryptoki/swtok /run/opencryptoki /var/lib/opencryptoki/swtok/TOK_OBJ /var/log/opencryptoki
chgrp -R pkcs11 /run/lock/opencryptoki /run/opencryptoki /var/lib/opencryptoki /var/log/opencryptoki
chmod -R 0770 /run/lock/opencryptoki /run/opencryptoki /var/lib/opencryptoki
mount --bind "$1" /etc/opencryptoki/opencryptoki.conf
`;

/** Where no namespace may be made: the machine's own state, put back afterwards. Nobody else may be using it. */
const machinePlaces = `
set -e
conf=/etc/opencryptoki/opencryptoki.conf
cp "$conf" "$1.before"
put_back() { cp "$1.before" "$conf"; kill -9 "$(cat /run/pkcsslotd.pid)" || true; rm -f /run/pkcsslotd.pid /run/pkcsslotd.socket; }
trap 'put_back "$1"' EXIT
cp "$1" "$conf"
rm -rf /var/lib/opencryptoki/swtok/TOK_OBJ/* /var/lib/opencryptoki/swtok/NVTOK.DAT /var/lib/opencryptoki/swtok/MK_*
mkdir -p /run/lock/opencryptoki/swtok /run/opencryptoki
chgrp -R pkcs11 /run/lock/opencryptoki /run/opencryptoki
`;

const start = `
pkcsslotd >&2
"$2" "$3"
`;

const configuration = `version opencryptoki-3.1

slot 0
{
stdll = libpkcs11_sw.so
}
`;

const resultSchema = z.object({
  token: z.looseObject({ label: z.string() }),
  wrongPin: z.string(),
  output: z.string(),
  signed: z.array(z.string()),
});

test('openCryptoki: its soft token lists, opens and signs a letter which openssl accepts', () => {
  mkdirSync(join(folder, 'pki'));
  const pki = makeTestPki(join(folder, 'pki'));
  const files = keyFiles(pki, 'signer-ock');
  const conf = join(folder, 'opencryptoki.conf');
  writeFileSync(conf, configuration);
  const inside = join(import.meta.dirname, 'opencryptoki-inside.ts');
  const { kind, command } = namespaces('--ipc');
  const script = (kind === 'own' ? ownPlaces : machinePlaces) + start;
  const [first = 'sh', ...args] = [...command, 'sh', '-c', script, 'ock'];
  const { stdout, stderr, status } = spawnSync(first, [...args, conf, process.execPath, inside], {
    encoding: 'utf8',
    timeout: 60_000,
    input: JSON.stringify({
      ...files,
      folder,
      commonName: 'signer-ock',
      issuing: Buffer.from(issuingOf(pki)).toString('base64'),
    }),
  });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const { token, wrongPin, output, signed } = resultSchema.parse(JSON.parse(stdout));
  expect(token.label).toBe('ock');
  expect(wrongPin).toBe('token.pin-incorrect');
  expect(signed).toContain('rsa-pkcs1');
  expect(makeOracles(pki).opensslCms(output)).toBe(signed.length);
});
