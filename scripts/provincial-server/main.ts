import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { officeSchema, type Office } from './context.ts';
import { SERVER_NAME, startProvincialServer } from './server.ts';

const USAGE = `node scripts/provincial-server/main.ts --dir FOLDER [--port N] [--offices FILE]
node scripts/provincial-server/main.ts --dir FOLDER --into DIR (--desk PACKAGE | --office ID) [--offices FILE]

The reference provincial server: a test partner on loopback, not a provincial system.
--offices FILE   JSON list of {officeId, secret, organId, organName}; made with a fresh secret when missing
                 (default FOLDER/offices.json)
--desk PACKAGE   no server: takes a package folder of \`an-thu sync export\` and makes the answer's folder below --into
--office ID      no server: makes an answer with what waits for this office`;

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
    desk: { type: 'string' },
    office: { type: 'string' },
    into: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const atDesk = values.desk !== undefined || values.office !== undefined;
if (values.help || !values.dir || !/^\d{1,5}$/.test(values.port) || atDesk !== (values.into !== undefined)) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 64);
}
mkdirSync(values.dir, { recursive: true, mode: 0o700 });
const officesFile = values.offices ?? join(values.dir, 'offices.json');
const server = await startProvincialServer({
  dir: values.dir,
  port: atDesk ? 'none' : Number(values.port),
  offices: readOffices(officesFile),
});
console.error(`*** ${SERVER_NAME} ***`);
if (values.into !== undefined) {
  const { path, manifest } = await server.atDesk({
    from: values.desk ?? null,
    officeId: values.office,
    into: values.into,
  });
  const { receipts, refusals, acknowledged, inbox } = manifest;
  console.log(
    JSON.stringify({
      path,
      receipts: receipts.length,
      refusals,
      acknowledged: acknowledged.length,
      inbox: inbox.length,
    }),
  );
  await server.close();
} else {
  console.log(
    JSON.stringify({ url: server.url, serverName: SERVER_NAME, testPartner: true, offices: officesFile }),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}
