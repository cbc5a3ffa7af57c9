import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCertificates } from '../../core/trust/certificate.ts';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { createDemoPki, startDemoTsa, type DemoPki, type DemoService } from '../../scripts/pki/index.ts';
import { rawPdf, onePageObjects } from '../lib/raw-pdf.ts';
import { anThu, buildPrograms, errorSchema } from './run.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cli-sign-'));
const pin = '86420975';
let pki: DemoPki;
let tsa: DemoService;
let hsm: SoftHsm;
let key: string;

const fileSchema = z.looseObject({
  input: z.string(),
  inputSha256: z.string().nullable(),
  output: z.string().nullable(),
  sha256: z.string().nullable(),
  ok: z.boolean(),
  requestedLevel: z.string(),
  level: z.string(),
  pending: z.array(z.string()),
  field: z.string().nullable(),
  bytes: z.number(),
  pages: z.number(),
  ms: z.number(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  error: errorSchema.optional(),
});
const signedSchema = z.strictObject({ files: z.array(fileSchema), ms: z.number() });
const verifiedSchema = z.strictObject({
  files: z.array(
    z.looseObject({
      input: z.string(),
      verdict: z.string(),
      signatures: z.array(
        z.looseObject({
          level: z.string(),
          indication: z.string(),
          integrity: z.boolean().nullable(),
          coverage: z.string(),
          timeSource: z.string().nullable(),
        }),
      ),
    }),
  ),
});

function letter(name: string): string {
  const path = join(dir, name);
  writeFileSync(path, rawPdf({ objects: onePageObjects() }));
  return path;
}

beforeAll(async () => {
  buildPrograms();
  pki = await createDemoPki(join(dir, 'pki'), {
    agencyName: 'UBND xã Hòa Thịnh',
    organId: 'H99.33',
    senderName: 'UBND tỉnh An Lạc',
    senderOrganId: 'H99',
    pin,
  });
  tsa = await startDemoTsa(pki, { port: 0 });
  key = pathToFileURL(pki.agency.pkcs12).href;
  mkdirSync(join(dir, 'hsm'));
  hsm = createSoftHsm({
    folder: join(dir, 'hsm'),
    tokenLabel: 'UBND xã',
    pin,
    keys: [
      {
        id: '01',
        label: 'agency',
        privateKeyPem: readFileSync(pki.agency.key, 'utf8'),
        certificate: readCertificates(readFileSync(pki.agency.certificate))[0]!.der,
      },
    ],
    certificates: readCertificates(readFileSync(pki.issuingPath)).map(({ der }) => der),
  });
});
afterAll(async () => {
  await tsa.close();
  rmSync(dir, { recursive: true, force: true });
});

const sign = (args: string[], env: Record<string, string> = { THE_PIN: pin }) =>
  anThu(['sign', ...args, '--pin-env', 'THE_PIN', '--json'], { env });
const verify = (...args: string[]) =>
  anThu(['verify', ...args, '--trust', pki.rootPath, '--no-revocation', '--json']);

describe('an-thu sign and verify', () => {
  it('sign with a PKCS#12 file and a timestamp, and find the result valid', async () => {
    const input = letter('công-văn.pdf');
    const output = join(dir, 'công-văn.da-ky.pdf');
    const signed = await sign([input, '--out', output, '--key', key, '--level', 'B-T', '--tsa', tsa.url]);
    expect(signed.status).toBe(0);
    const [file] = signed.json(signedSchema).files;
    expect(file).toMatchObject({ ok: true, output, level: 'B-T', pending: [], pages: 1 });
    expect(readFileSync(output).subarray(0, readFileSync(input).length)).toEqual(readFileSync(input));
    const verified = await verify(output);
    expect(verified.status).toBe(0);
    expect(verified.json(verifiedSchema).files[0]).toMatchObject({
      verdict: 'valid',
      signatures: [
        {
          level: 'B-T',
          indication: 'TOTAL_PASSED',
          integrity: true,
          coverage: 'whole-file',
          timeSource: 'timestamp',
        },
      ],
    });
  });

  it('sign with a token over PKCS#11', async () => {
    const output = join(dir, 'token.pdf');
    const env = { THE_PIN: pin, ...hsm.env };
    const args = [letter('token-in.pdf'), '--out', output, '--key', hsm.uri('01')];
    const signed = await sign(args, env);
    expect(signed.status).toBe(0);
    expect((await verify(output, '--certs', pki.issuingPath)).json(verifiedSchema).files[0]?.verdict).toBe(
      'valid',
    );
  });

  it('try the token with one signature', async () => {
    const result = await anThu(['token', 'test', '--key', key, '--pin-env', 'THE_PIN', '--json'], {
      env: { THE_PIN: pin },
    });
    expect([result.status, result.json(z.looseObject({ ok: z.boolean() })).ok]).toEqual([0, true]);
  });

  it('go on after a broken file and say that not all is well', async () => {
    const broken = join(dir, 'hỏng.pdf');
    writeFileSync(broken, '%PDF-1.7 và không còn gì');
    const out = join(dir, 'ký');
    mkdirSync(out);
    const signed = await sign([broken, letter('tốt.pdf'), '--out', out, '--key', key]);
    expect(signed.status).toBe(1);
    const { files } = signed.json(signedSchema);
    expect(files.map((file) => file.ok)).toEqual([false, true]);
    expect(files[0]?.error?.code).toMatch(/^pdf\./);
    expect(existsSync(join(out, 'hỏng.pdf'))).toBe(false);
    expect(existsSync(join(out, 'tốt.pdf'))).toBe(true);
  });

  it('keep the signature when the TSA is away, and name what is pending', async () => {
    const output = join(dir, 'thiếu-dấu.pdf');
    const args = ['--out', output, '--key', key, '--level', 'B-T', '--tsa', 'http://127.0.0.1:9/tsa'];
    const signed = await sign([letter('thiếu.pdf'), ...args]);
    expect(signed.status).toBe(1);
    expect(signed.json(signedSchema).files[0]).toMatchObject({
      ok: true,
      requestedLevel: 'B-T',
      level: 'B-B',
      pending: ['timestamp'],
    });
  });

  it('never write over an output unless told to', async () => {
    const output = join(dir, 'có-rồi.pdf');
    writeFileSync(output, 'của tôi');
    const input = letter('mới.pdf');
    const refused = await sign([input, '--out', output, '--key', key]);
    expect([refused.status, refused.json(signedSchema).files[0]?.error?.code]).toEqual([
      73,
      'general.output-exists',
    ]);
    expect(readFileSync(output, 'utf8')).toBe('của tôi');
    expect((await sign([input, '--out', output, '--key', key, '--force'])).status).toBe(0);
    expect(readFileSync(output, 'latin1')).toContain('/ByteRange');
  });

  it('say that an input is not there', async () => {
    const args = [join(dir, 'không-có.pdf'), '--out', join(dir, 'x.pdf'), '--key', key];
    expect((await sign(args)).status).toBe(66);
  });
});

describe('the PIN', () => {
  it('that is wrong ends with 77 and signs nothing', async () => {
    const output = join(dir, 'sai-pin.pdf');
    const args = [letter('pin.pdf'), '--out', output, '--key', key];
    const result = await sign(args, { THE_PIN: '00000000' });
    expect([result.status, result.json(errorSchema).code]).toEqual([77, 'token.pin-incorrect']);
    expect(existsSync(output)).toBe(false);
    expect(result.stdout + result.stderr).not.toContain('00000000');
  });

  it('inside a key URI is refused before anything is asked', async () => {
    const uri = `${hsm.uri('01')}&pin-value=${pin}`;
    const result = await sign([letter('uri.pdf'), '--out', join(dir, 'uri-out.pdf'), '--key', uri]);
    expect([result.status, result.json(errorSchema).code]).toEqual([64, 'token.pin-value-refused']);
    expect(result.stdout + result.stderr).not.toContain(pin);
  });

  it('may lie in a file, with a warning when others can read it', async () => {
    const pinFile = join(dir, 'pin.txt');
    writeFileSync(pinFile, `${pin}\n`);
    chmodSync(pinFile, 0o644);
    const args = ['token', 'test', '--key', key, '--pin-file', pinFile, '--json'];
    const open = await anThu(args);
    expect([open.status, open.stderr.includes(pinFile)]).toEqual([0, true]);
    chmodSync(pinFile, 0o600);
    expect((await anThu(args)).stderr).toBe('');
  });

  it('is of no use when the module is not there', async () => {
    const uri = `pkcs11:token=x;object=y?module-path=${join(dir, 'none.so')}`;
    const result = await sign([letter('module.pdf'), '--out', join(dir, 'module-out.pdf'), '--key', uri]);
    expect([result.status, result.json(errorSchema).code]).toEqual([69, 'token.module-missing']);
  });
});

describe('an-thu verify', () => {
  it('refuses a file changed after signing with 2', async () => {
    const output = join(dir, 'bị-sửa.pdf');
    await sign([letter('sửa.pdf'), '--out', output, '--key', key]);
    const bytes = readFileSync(output);
    bytes[bytes.indexOf('MediaBox') + 1] = 0x21;
    writeFileSync(output, bytes);
    const result = await verify(output);
    expect([result.status, result.json(verifiedSchema).files[0]?.verdict]).toEqual([2, 'invalid']);
  });

  it('tells unsigned, unreadable and untrusted files apart', async () => {
    const junk = join(dir, 'junk.pdf');
    writeFileSync(junk, 'không phải PDF');
    const output = join(dir, 'người-lạ.pdf');
    await sign([letter('lạ.pdf'), '--out', output, '--key', key]);
    const verdicts = async (...args: string[]) => {
      const result = await anThu(['verify', ...args, '--json']);
      return [result.status, ...result.json(verifiedSchema).files.map((file) => file.verdict)];
    };
    expect(await verdicts(letter('chưa-ký.pdf'))).toEqual([1, 'unsigned']);
    expect(await verdicts(output)).toEqual([1, 'indeterminate']);
    expect(await verdicts(output, junk)).toEqual([2, 'indeterminate', 'unreadable']);
  });
});

const fieldsSchema = z.strictObject({
  input: z.string(),
  inputSha256: z.string(),
  output: z.string(),
  sha256: z.string(),
  ok: z.literal(true),
  bytes: z.number(),
});

it('số and ngày: prepared, filled in after the leader signed, sealed by the agency without a concern', async () => {
  const path = (name: string): string => join(dir, name);
  const [prepared, led, filled, sealed] = ['n1', 'n2', 'n3', 'n4'].map((name) => path(`${name}.pdf`));
  const places = ['--field', 'So=30,30,45,7', '--field', 'Ngay=110,30,70,7'];
  const made = await anThu(['fields', 'prepare', letter('n0.pdf'), '--out', prepared!, ...places, '--json']);
  expect(made.status, made.stderr).toBe(0);
  expect(made.json(fieldsSchema)).toMatchObject({ ok: true, output: prepared });
  expect((await sign([prepared!, '--out', led!, '--key', key])).status).toBe(0);
  const values = ['--value', 'So=12/QĐ-UBND', '--value', 'Ngay=ngày 22 tháng 11 năm 2026'];
  const fill = ['fields', 'fill', led!, '--out', filled!, ...values, '--json'];
  expect((await anThu(fill)).status).toBe(0);
  expect((await anThu(fill)).status).toBe(73);
  const seal = await sign([filled!, '--out', sealed!, '--key', key, '--refuse-risks']);
  expect(seal.json(signedSchema).files[0]).toMatchObject({ ok: true });
  const { verdict, signatures } = (await verify(sealed!)).json(verifiedSchema).files[0]!;
  expect(verdict).toBe('valid');
  expect(signatures).toMatchObject([{ later: 'permitted' }, { later: 'none' }]);
  expect((await anThu(['fields', 'prepare', led!, '--out', path('n5.pdf'), ...places])).status).toBe(2);
  const misused = [
    ['prepare', led!],
    ['prepare', led!, '--field', 'So.1=30,30,45,7'],
    ['fill', led!, '--value', 'So=12', '--value', 'So=21'],
  ];
  for (const args of misused)
    expect((await anThu(['fields', ...args, '--out', path('n5.pdf')])).status).toBe(64);
});
