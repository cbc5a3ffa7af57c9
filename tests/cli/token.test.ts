import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { tokenDiagnosisSchema } from '../../core/contract/token-diagnosis.ts';
import { tokenModuleSchema } from '../../core/contract/token.ts';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { createFaultToken } from '../fault-module/fault-token.ts';
import { until } from '../token/harness.ts';
import { createMaterial, p12Password } from '../token/material.ts';
import { anThu, buildPrograms, errorSchema, repository } from './run.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cli-token-'));
const noData = ['--data', join(dir, 'no-data')];
let hsm: SoftHsm;

beforeAll(() => {
  buildPrograms();
  const material = createMaterial(dir);
  const identity = material.identity('Văn thư xã', 'rsa:2048');
  writeFileSync(join(dir, 'soft.p12'), identity.p12);
  writeFileSync(join(dir, 'ec.p12'), material.identity('Khóa EC', 'ec').p12);
  hsm = createSoftHsm({
    folder: join(dir, 'hsm'),
    keys: [{ id: '01', label: 'văn thư', ...identity }],
    certificates: [material.issuer],
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const listSchema = z.strictObject({
  modules: z.array(tokenModuleSchema),
  diagnosis: tokenDiagnosisSchema,
});

it('lists a module with its tokens, mechanisms and certificates, and what to do', async () => {
  const args = ['token', 'list', '--module', hsm.modulePath, ...noData];
  const { status, json } = await anThu([...args, '--json'], { env: hsm.env });
  const { modules, diagnosis } = json(listSchema);
  expect(modules[0]?.tokens.map(({ label }) => label)).toEqual(['an-thu']);
  expect(diagnosis.modules).toHaveLength(1);
  expect(diagnosis.modules[0]).toMatchObject({ loads: true, configured: true });
  expect(status).toBe(0);
  const text = (await anThu(args, { env: hsm.env })).stdout;
  for (const part of [hsm.modulePath, 'an-thu', 'Văn thư xã', 'mã PIN', 'cơ chế', 'pkcs11:', '→ '])
    expect(text).toContain(part);
  expect(existsSync(join(dir, 'no-data'))).toBe(false);
});

it('without a data folder lists what the machine has, and what is not installed', async () => {
  const { modules, diagnosis } = (await anThu(['token', 'list', ...noData, '--json'])).json(listSchema);
  expect(modules).toEqual([]);
  expect(diagnosis.modules.some(({ exists }) => exists)).toBe(true);
  expect(diagnosis.modules.some(({ exists, vendor }) => !exists && vendor.includes('Bit4id'))).toBe(true);
});

it('a module that cannot be loaded is exit 1 with the reason, not a crash', async () => {
  const broken = join(dir, 'broken.so');
  writeFileSync(broken, 'không phải thư viện');
  const { status, json } = await anThu(['token', 'list', '--module', broken, ...noData, '--json']);
  expect(status).toBe(1);
  expect(json(listSchema).diagnosis.modules[0]?.advice[0]?.code).toBe('module.not-library');
});

it('watches: what is there at first, and a token that is set up meanwhile, without a restart', async () => {
  const tokens = join(dir, 'watched');
  const conf = join(dir, 'watched.conf');
  execFileSync('mkdir', ['-p', tokens]);
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`);
  const env = { ...process.env, SOFTHSM2_CONF: conf };
  const driver = createFaultToken(dir, { ...hsm, env: { SOFTHSM2_CONF: conf } }, 'watched');
  driver.order('log');
  const child = spawn(
    process.execPath,
    [
      join(repository, 'build', 'an-thu.mjs'),
      'token',
      'watch',
      '--module',
      driver.modulePath,
      '--json-lines',
    ],
    { env, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    // A driver that was started anew twice has been looked at before: what comes now was not there at first.
    await until(() => (driver.calls().match(/^C_Finalize$/gm)?.length ?? 0) >= 2);
    const init = ['--init-token', '--free', '--label', 'mới', '--pin', '123456', '--so-pin', '12345678'];
    execFileSync('softhsm2-util', init, { env, stdio: 'pipe' });
    const started = performance.now();
    const { value } = await lines.next();
    expect(performance.now() - started).toBeLessThan(5_000);
    const event = z.object({ event: z.string(), token: z.string() }).parse(JSON.parse(String(value)));
    expect(event.event).toBe('plugged');
    expect(decodeURIComponent(event.token)).toContain('token=mới');
    child.kill('SIGINT');
    const status = await new Promise((ended) => child.once('exit', ended));
    expect(status).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

it('watches for a while and tells what is there in one document', async () => {
  const args = ['token', 'watch', '--module', hsm.modulePath, '--seconds', '8', '--json'];
  const { status, json } = await anThu(args, { env: hsm.env });
  const { events } = json(z.object({ events: z.array(z.looseObject({ event: z.string() })) }));
  expect([status, events.map(({ event }) => event)]).toEqual([0, ['present']]);
});

it('makes one signature to try a token; with a file it says that it is not official', async () => {
  const env = { ...hsm.env, PIN: hsm.pin, PASSWORD: p12Password, AN_THU_DATA: join(dir, 'counts') };
  const resultSchema = z.looseObject({
    ok: z.literal(true),
    warnings: z.array(z.looseObject({ code: z.string() })),
  });
  const onToken = await anThu(['token', 'test', '--key', hsm.uri('01'), '--pin-env', 'PIN', '--json'], {
    env,
  });
  expect(onToken.json(resultSchema).warnings).toEqual([]);
  const soft = pathToFileURL(join(dir, 'soft.p12')).href;
  const onFile = await anThu(['token', 'test', '--key', soft, '--pin-env', 'PASSWORD', '--json'], { env });
  expect(onFile.json(resultSchema).warnings.map(({ code }) => code)).toEqual(['token.soft-not-official']);
  const wrong = await anThu(['token', 'test', '--key', hsm.uri('01'), '--pin-env', 'PASSWORD', '--json'], {
    env,
  });
  expect([wrong.status, wrong.json(errorSchema).code]).toEqual([77, 'token.pin-incorrect']);
});

it('signs a letter with an EC key of a file, says that it is not official, and a foreign program finds it valid', async () => {
  const input = join(dir, 'thư.pdf');
  const output = join(dir, 'thư.đã-ký.pdf');
  writeFileSync(input, rawPdf({ objects: onePageObjects() }));
  const key = pathToFileURL(join(dir, 'ec.p12')).href;
  const args = ['sign', input, '--out', output, '--key', key, '--pin-env', 'PASSWORD', '--level', 'B-B'];
  const { status, stderr } = await anThu(args, { env: { PASSWORD: p12Password } });
  expect([status, stderr.includes('không có giá trị như chữ ký số công vụ')]).toEqual([0, true]);
  const { stdout } = spawnSync('pdfsig', ['-nocert', output], { encoding: 'utf8' });
  expect(stdout).toContain('Signature is Valid.');
});

it('the doctor works without data, and its bundle has every finding but no secret', async () => {
  const bundle = join(dir, 'hỗ trợ.json');
  const doctorSchema = z.object({ services: z.array(z.unknown()), tokens: tokenDiagnosisSchema });
  const args = ['doctor', '--bundle', bundle, ...noData, '--json'];
  const { json } = await anThu(args, { env: { AN_THU_TEST_PIN: 'bí-mật-98765' } });
  expect(json(doctorSchema).tokens.modules.length).toBeGreaterThan(3);
  const text = readFileSync(bundle, 'utf8');
  const written = z
    .looseObject({
      format: z.literal('an-thu-support-1'),
      machine: z.object({ platform: z.string() }).loose(),
    })
    .parse(JSON.parse(text));
  expect(written.machine.platform).toBe(process.platform);
  expect(text).not.toContain('bí-mật-98765');
  expect(statSync(bundle).mode & 0o077).toBe(0);
  const again = await anThu(args);
  expect([again.status, again.json(errorSchema).code]).toEqual([73, 'general.output-exists']);
});
