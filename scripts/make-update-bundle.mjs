// node scripts/make-update-bundle.mjs --installer FILE --version X.Y.Z --minimum-from X.Y.Z --platform win32|linux|darwin
//   --arch x64|arm64 --key PRIVATE.pem --key-id ID [--notes TEXT] --out FILE
// Makes the signed bundle that offices without a line install from (docs/decisions/updates.md). The private key
// (openssl genpkey -algorithm ed25519) stays with whoever releases; its public half goes into resources/release-keys.json.
import { createHash, createPrivateKey } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { bundleHeader } from '../core/updates/update-bundle.ts';

const names = ['installer', 'version', 'minimum-from', 'platform', 'arch', 'key', 'key-id', 'out'];
const { values } = parseArgs({
  options: Object.fromEntries([...names, 'notes'].map((name) => [name, { type: 'string' }])),
});
const missing = names.filter((name) => values[name] === undefined);
if (missing.length > 0) {
  process.stderr.write(`missing: ${missing.map((name) => `--${name}`).join(' ')}\n`);
  process.exit(64);
}

const hash = createHash('sha256');
await pipeline(createReadStream(values.installer), hash);
const header = bundleHeader(
  {
    version: values.version,
    minimumFrom: values['minimum-from'],
    platform: values.platform,
    arch: values.arch,
    madeAt: new Date().toISOString(),
    notes: values.notes ?? '',
    installer: {
      name: basename(values.installer),
      bytes: statSync(values.installer).size,
      sha256: hash.digest('hex'),
    },
  },
  values['key-id'],
  createPrivateKey(readFileSync(values.key)),
);
const out = createWriteStream(values.out, { flags: 'wx' });
out.write(header);
await pipeline(createReadStream(values.installer), out);
process.stdout.write(`${values.out}\n`);
