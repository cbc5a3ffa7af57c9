import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { pkcs11Tool, useVendor, type Vendor } from './vendor.ts';

/*
 * Runs inside the namespaces of opencryptoki.test.ts, beside pkcsslotd: sets the token up, uses it, prints the result as JSON.
 * The files to import are named on standard input.
 */
const { folder, key, certificate, issuing, commonName } = z
  .object({
    folder: z.string(),
    key: z.string(),
    certificate: z.string(),
    issuing: z.base64(),
    commonName: z.string(),
  })
  .parse(JSON.parse(readFileSync(0, 'utf8')));

const pin = '24681357';
const vendor: Vendor = {
  modulePath: '/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so',
  env: {},
  pin,
  commonName,
};
/** The one that every openCryptoki token begins with. */
const soPin = '87654321';
pkcs11Tool(vendor, '--slot', '0', '--init-token', '--label', 'ock', '--so-pin', soPin);
pkcs11Tool(
  vendor,
  '--slot',
  '0',
  '--login',
  '--login-type',
  'so',
  '--so-pin',
  soPin,
  '--init-pin',
  '--new-pin',
  pin,
);
const names = ['--slot', '0', '--login', '--pin', pin, '--id', '01', '--label', 'ock'];
pkcs11Tool(vendor, ...names, '--write-object', key, '--type', 'privkey', '--usage-sign');
pkcs11Tool(vendor, ...names, '--write-object', certificate, '--type', 'cert');
process.stdout.write(JSON.stringify(await useVendor(vendor, folder, Buffer.from(issuing, 'base64'))));
