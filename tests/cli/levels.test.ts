import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createDemoPki,
  startDemoOcsp,
  startDemoTsa,
  type DemoOcsp,
  type DemoPki,
  type DemoService,
} from '../../scripts/pki/index.ts';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { anThu, buildPrograms, errorSchema } from './run.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cli-levels-'));
const pin = '86420975';
let pki: DemoPki;
let tsa: DemoService;
let ocsp: DemoOcsp;

const filesSchema = z.strictObject({
  files: z.array(
    z.looseObject({
      ok: z.boolean(),
      requestedLevel: z.string(),
      level: z.string(),
      pending: z.array(z.string()),
      output: z.string().nullable(),
      warnings: z.array(z.object({ code: z.string(), message: z.string() })),
      error: errorSchema.optional(),
    }),
  ),
  ms: z.number(),
});
const verifiedSchema = z.looseObject({
  files: z.array(
    z.looseObject({ verdict: z.string(), signatures: z.array(z.looseObject({ level: z.string() })) }),
  ),
});

beforeAll(async () => {
  buildPrograms();
  pki = await createDemoPki(join(dir, 'pki'), {
    agencyName: 'UBND xã Hòa Thịnh',
    organId: 'H99.33',
    senderName: 'UBND tỉnh An Lạc',
    senderOrganId: 'H99',
    pin,
  });
  [tsa, ocsp] = await Promise.all([startDemoTsa(pki), startDemoOcsp(pki)]);
});

afterAll(async () => {
  await Promise.all([tsa.close(), ocsp.close()]);
  rmSync(dir, { recursive: true, force: true });
});

function letter(name: string): string {
  const path = join(dir, name);
  writeFileSync(path, rawPdf({ objects: onePageObjects() }));
  return path;
}

const sign = (args: string[], env: Record<string, string> = {}) =>
  anThu(['sign', ...args, '--key', pathToFileURL(pki.agency.pkcs12).href, '--pin-env', 'THE_PIN', '--json'], {
    env: { THE_PIN: pin, ...env },
  });
const services = () => ['--tsa', tsa.url, '--trust', pki.rootPath];

async function levelsOf(path: string, ...more: string[]): Promise<string[]> {
  const result = await anThu(
    ['verify', path, '--trust', pki.rootPath, '--offline', '--no-revocation', ...more, '--json'],
    {
      env: { FILE_PASSWORD: 'mat khau' },
    },
  );
  const [file] = result.json(verifiedSchema).files;
  expect(file?.verdict).toBe('valid');
  return file?.signatures.map(({ level }) => level) ?? [];
}

it('signs up to B-LTA in one go', async () => {
  const output = join(dir, 'lta.pdf');
  const signed = await sign([letter('lta-in.pdf'), '--out', output, '--level', 'B-LTA', ...services()]);
  expect(signed.status).toBe(0);
  expect(signed.json(filesSchema).files[0]).toMatchObject({ ok: true, level: 'B-LTA', pending: [] });
  expect((await levelsOf(output))[0]).toBe('B-LTA');
});

it('signs B-B and extends it later to every level', async () => {
  const base = join(dir, 'b-b.pdf');
  await sign([letter('b-b-in.pdf'), '--out', base]);
  for (const level of ['B-T', 'B-LTA'] as const) {
    const output = join(dir, `extended-${level}.pdf`);
    const args = ['extend', base, '--out', output, '--level', level, ...services(), '--json'];
    const extended = await anThu(args);
    expect(extended.status).toBe(0);
    expect(extended.json(filesSchema).files[0]).toMatchObject({ ok: true, requestedLevel: level, level });
    expect((await levelsOf(output))[0]).toBe(level);
    const before = readFileSync(base);
    expect(readFileSync(output).subarray(0, before.length).equals(before)).toBe(true);
  }
});

it('says what is pending when services are away, with exit 1 and the reason', async () => {
  const output = join(dir, 'pending.pdf');
  const args = ['--level', 'B-LTA', '--tsa', 'http://127.0.0.1:9/', '--trust', pki.rootPath];
  const signed = await sign([letter('pending-in.pdf'), '--out', output, ...args]);
  expect(signed.status).toBe(1);
  const [file] = signed.json(filesSchema).files;
  expect(file).toMatchObject({ ok: true, level: 'B-B', pending: ['timestamp'] });
  expect(file?.warnings.map(({ code }) => code)).toEqual([
    'token.soft-not-official',
    'signing.tsa-unavailable',
  ]);
});

it('opens an encrypted file with the password of the environment, and certifies', async () => {
  const encrypted = join(dir, 'encrypted.pdf');
  execFileSync('qpdf', ['--encrypt', 'mat khau', 'chu', '256', '--', letter('plain.pdf'), encrypted]);
  const output = join(dir, 'encrypted-signed.pdf');
  const args = [encrypted, '--out', output, '--certify', '2', '--password-env', 'FILE_PASSWORD'];
  const signed = await sign(args, { FILE_PASSWORD: 'mat khau' });
  expect(signed.status).toBe(0);
  expect(await levelsOf(output, '--password-env', 'FILE_PASSWORD')).toEqual(['B-B']);
  const wrong = await sign([...args, '--force'], { FILE_PASSWORD: 'sai' });
  expect([wrong.status, wrong.json(filesSchema).files[0]?.error?.code]).toEqual([77, 'pdf.password-wrong']);
});

it('refuses wrong usage with 64 and unsigned files with 2', async () => {
  const input = letter('usage.pdf');
  const output = join(dir, 'usage-out.pdf');
  for (const args of [
    ['extend', input, '--out', output],
    ['extend', input, '--out', output, '--level', 'B-B'],
    ['extend', input, '--out', output, '--level', 'B-LTA', '--tsa', tsa.url],
  ])
    expect((await anThu([...args, '--json'])).status).toBe(64);
  const unsigned = await anThu([
    'extend',
    input,
    '--out',
    output,
    '--level',
    'B-LTA',
    ...services(),
    '--json',
  ]);
  expect([unsigned.status, unsigned.json(filesSchema).files[0]?.error?.code]).toEqual([
    2,
    'signing.nothing-to-extend',
  ]);
});

it('raises with --resume what an earlier run left below its level, and leaves alone what reached it', async () => {
  const inputs = ['dở-1.pdf', 'dở-2.pdf'].map(letter);
  const out = mkdtempSync(join(dir, 'dở-dang-'));
  const wanted = [...inputs, '--out', out, '--trust', pki.rootPath];
  const away = await sign([...wanted, '--level', 'B-T', '--tsa', 'http://127.0.0.1:9/tsa']);
  expect([away.status, away.json(filesSchema).files.map(({ level }) => level)]).toEqual([1, ['B-B', 'B-B']]);
  const before = readFileSync(join(out, 'dở-1.pdf'));
  for (const level of ['B-T', 'B-LT', 'B-LTA'] as const) {
    const resumed = await sign([...wanted, '--level', level, '--tsa', tsa.url, '--resume']);
    expect(resumed.stderr).toBe('');
    expect(resumed.json(filesSchema).files).toMatchObject([
      { ok: true, requestedLevel: level, level, pending: [], state: 'resumed' },
      { ok: true, requestedLevel: level, level, pending: [], state: 'resumed' },
    ]);
    expect(resumed.status).toBe(0);
  }
  const after = readFileSync(join(out, 'dở-1.pdf'));
  expect(after.subarray(0, before.length).equals(before)).toBe(true);
  expect((await levelsOf(join(out, 'dở-1.pdf')))[0]).toBe('B-LTA');
  // Once more: nothing is left to do.
  await sign([...wanted, '--level', 'B-LTA', '--tsa', tsa.url, '--resume']);
  expect(readFileSync(join(out, 'dở-1.pdf')).equals(after)).toBe(true);
  expect(readdirSync(out).toSorted()).toEqual(['dở-1.pdf', 'dở-2.pdf']);
});

it('takes another time than now from soft keys alone, and not beside a real agency’s data', async () => {
  const time = '2026-11-20T15:04:05+07:00';
  const nowhere = join(dir, 'không-có-dữ-liệu');
  const output = join(dir, 'theo-giờ.pdf');
  const signed = await sign([letter('giờ.pdf'), '--out', output, '--time', time, '--data', nowhere]);
  // The sample certificate is of today: an earlier time is before its life.
  expect(signed.json(filesSchema).files[0]?.error?.code).toBe('signing.certificate-not-yet-valid');
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const later = await sign([letter('giờ-sau.pdf'), '--out', output, '--time', soon, '--data', nowhere]);
  expect(later.status).toBe(0);
  const stamp = new Date(Date.parse(soon) + 7 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
  expect(readFileSync(output, 'latin1')).toContain(`/M (D:${stamp}+07'00')`);
  const wrong = await sign([
    letter('giờ-sai.pdf'),
    '--out',
    join(dir, 'x.pdf'),
    '--time',
    'hôm qua',
    '--data',
    nowhere,
  ]);
  expect(wrong.status).toBe(64);
  const token = await anThu([
    'sign',
    letter('giờ-token.pdf'),
    '--out',
    join(dir, 'y.pdf'),
    '--key',
    'pkcs11:token=x;object=y',
    '--time',
    soon,
    '--data',
    nowhere,
    '--json',
  ]);
  expect(token.status).toBe(64);
  const real = join(dir, 'cơ-quan-thật');
  await setUpAgency(real, { agency: { name: 'UBND xã', organId: 'H99.1' }, registers: [{ name: 'Sổ' }] });
  const beside = await sign([
    letter('giờ-thật.pdf'),
    '--out',
    join(dir, 'z.pdf'),
    '--time',
    soon,
    '--data',
    real,
  ]);
  expect(beside.status).toBe(64);
});

it('does not ask a token for a signature whose certificate is revoked, at B-T either', async () => {
  const [certificate] = readCertificates(readFileSync(pki.agency.certificate));
  ocsp.setStatus(certificate?.serial ?? '', {
    kind: 'revoked',
    at: new Date(Date.now() - 60_000),
  });
  const output = join(dir, 'thu-hồi.da-ky.pdf');
  const refused = await sign([letter('thu-hồi.pdf'), '--out', output, '--level', 'B-T', ...services()]);
  expect(refused.json(filesSchema).files[0]).toMatchObject({
    ok: false,
    error: { code: 'signing.certificate-revoked' },
  });
  expect(existsSync(output)).toBe(false);
});
