import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { officeSchema, type Office } from './context.ts';
import { SERVER_NAME, startProvincialServer } from './server.ts';

const USAGE = `node scripts/provincial-server/main.ts --dir FOLDER [--port N] [--offices FILE]

The reference provincial server: a test partner on loopback, not a provincial system.
--offices FILE   JSON list of {officeId, secret, organId, organName}; made with a fresh secret when missing
                 (default FOLDER/offices.json)`;

function readOffices(path: string): Office[] {
  if (!existsSync(path)) {
    const sample: Office[] = [
      {
        officeId: 'xa-mau',
        secret: randomBytes(24).toString('base64url'),
        organId: 'H99.01.02',
        organName: 'UBND xã Mẫu',
      },
      {
        officeId: 'tinh-mau',
        secret: randomBytes(24).toString('base64url'),
        organId: 'H99',
        organName: 'UBND tỉnh Mẫu',
      },
    ];
    writeFileSync(path, `${JSON.stringify(sample, null, 2)}\n`, { mode: 0o600 });
  }
  return z
    .array(officeSchema)
    .min(1)
    .parse(JSON.parse(readFileSync(path, 'utf8')));
}

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '0' },
    offices: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || !values.dir || !/^\d{1,5}$/.test(values.port)) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 64);
}
mkdirSync(values.dir, { recursive: true, mode: 0o700 });
const officesFile = values.offices ?? join(values.dir, 'offices.json');
const server = await startProvincialServer({
  dir: values.dir,
  port: Number(values.port),
  offices: readOffices(officesFile),
});
console.error(`*** ${SERVER_NAME} ***`);
console.log(
  JSON.stringify({ url: server.url, serverName: SERVER_NAME, testPartner: true, offices: officesFile }),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
