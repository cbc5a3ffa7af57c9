import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsCommand } from '../../core/engine/cli/commands/fields.ts';
import {
  fillNumberFields,
  type FillNumberFieldsOptions,
} from '../../core/signing/number-fields/fill-number-fields.ts';
import {
  prepareNumberFields,
  type NumberField,
} from '../../core/signing/number-fields/prepare-number-fields.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { letterPdf, makeSamplePdfs, type SamplePdfs } from '../lib/sample-pdfs.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
let samples: SamplePdfs;

beforeAll(async () => {
  shop = await openWorkshop();
  samples = await makeSamplePdfs(shop.dir);
});
afterAll(() => shop.close());

let made = 0;
const fresh = (): string => shop.path(`out-${++made}.pdf`);

const fields: NumberField[] = [
  { name: 'So', rect: { x: 30, y: 30, w: 25, h: 7 } },
  { name: 'Ngay', rect: { x: 120, y: 30, w: 40, h: 7 }, align: 'center' },
];

const prepare = async (inputPath: string, wanted = fields) =>
  (await prepareNumberFields({ inputPath, outputPath: fresh(), fields: wanted })).outputPath;

const fill = (inputPath: string, values: FillNumberFieldsOptions['values']) =>
  fillNumberFields({ inputPath, outputPath: fresh(), values });

const sign = async (inputPath: string, options: Partial<SignPdfOptions> = {}) =>
  (
    await signPdf({
      inputPath,
      outputPath: fresh(),
      key: shop.key(),
      level: 'B-B',
      signingTime: new Date().toISOString(),
      ...options,
    })
  ).outputPath;

const values = { So: '123/2026', Ngay: '21/11/2026' };

const textOf = (path: string): string =>
  execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });

function expectForeignTools(path: string, signatures: number): void {
  const { stdout } = spawnSync('pdfsig', ['-no-ocsp', '-nocert', path], { encoding: 'utf8' });
  expect(stdout.match(/Signature is Valid/g) ?? []).toHaveLength(signatures);
  execFileSync('qpdf', ['--check', path], { stdio: 'pipe' });
  const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' });
  expect(fonts).not.toMatch(/Tinos.* no +(?:yes|no) +(?:yes|no) +\d+ +\d+$/m);
}

describe('the leader signs, the clerk fills in number and date, the agency seals', () => {
  test.each(['table', 'stream', 'form', 'formStream'] as const)('on a file with %s', async (kind) => {
    const prepared = await prepare(samples[kind]);
    const led = await sign(prepared, { fieldName: 'Lanh dao' });
    const filled = await fill(led, values);
    const report = await shop.verify(filled.outputPath);
    expect(report.verdict).toBe('valid');
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', later: 'permitted' });
    expect(report.signatures[0]?.changes.map((change) => change.class)).toContain('form-fill');
    const sealed = await sign(filled.outputPath, { fieldName: 'Co quan' });
    const last = await shop.verify(sealed);
    expect(last.signatures.map(({ indication, later }) => [indication, later])).toEqual([
      ['TOTAL_PASSED', 'permitted'],
      ['TOTAL_PASSED', 'none'],
    ]);
    expectForeignTools(sealed, 2);
    for (const value of Object.values(values)) expect(textOf(sealed)).toContain(value);
    const [before, after] = [readFileSync(led), readFileSync(sealed)];
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
  });

  test.each(['table', 'stream', 'form', 'formStream'] as const)(
    'a notation with Đ and a date in words are a permitted filling too, on a file with %s',
    async (kind) => {
      const words = { So: '12/QĐ-UBND', Ngay: 'ngày 01 tháng 12 năm 2026' };
      const wide: NumberField[] = [
        { name: 'So', rect: { x: 30, y: 30, w: 45, h: 7 } },
        { name: 'Ngay', rect: { x: 110, y: 30, w: 70, h: 7 }, align: 'center' },
      ];
      const led = await sign(await prepare(samples[kind], wide), { fieldName: 'Lanh dao' });
      const filled = await fill(led, words);
      const report = await shop.verify(filled.outputPath);
      expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', later: 'permitted' });
      expect(report.signatures[0]?.changes.map((change) => change.class)).toContain('form-fill');
      const sealed = await sign(filled.outputPath, { fieldName: 'Co quan' });
      expect((await shop.verify(sealed)).verdict).toBe('valid');
      expectForeignTools(sealed, 2);
      for (const value of Object.values(words)) expect(textOf(sealed)).toContain(value);
    },
  );

  test('also where the leader certified that forms may be filled', async () => {
    const led = await sign(await prepare(samples.table), { certify: 2 });
    const filled = await fill(led, values);
    expect((await shop.verify(filled.outputPath)).verdict).toBe('valid');
  });

  test('a value that is changed after the agency sealed is no forgery of bytes, but it is named', async () => {
    const sealed = await sign((await fill(await sign(await prepare(samples.table)), values)).outputPath);
    const changed = await fill(sealed, { So: '124/2026' });
    const report = await shop.verify(changed.outputPath);
    expect(report.signatures.every(({ changes }) => changes.some((c) => c.class === 'form-fill'))).toBe(true);
  });
});

test.each([0, 90, 180, 270] as const)(
  'a page turned by %i shows the number upright where it was asked for',
  async (rotate) => {
    const input = await shop.write(
      `turned-${rotate}.pdf`,
      await letterPdf({ rotate, pages: 1, objectStreams: false }),
    );
    const filled = await fill(await prepare(input), { So: '123' });
    const boxes = execFileSync('pdftotext', ['-bbox', filled.outputPath, '-'], { encoding: 'utf8' });
    const [, x, y] = /xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>123</.exec(boxes) ?? [];
    const mm = (points: string | undefined): number => (Number(points) * 25.4) / 72;
    expect(mm(x)).toBeGreaterThan(29.5);
    expect(mm(x)).toBeLessThan(33);
    expect(mm(y)).toBeGreaterThan(28);
    expect(mm(y)).toBeLessThan(36);
  },
);

describe('refused', () => {
  test('new fields on a signed file', async () => {
    await expect(prepare(await sign(samples.table))).rejects.toMatchObject({
      code: 'signing.fields-after-signature',
    });
  });

  test('a name that is taken, a place off the page, a page that is not there', async () => {
    await expect(prepare(await prepare(samples.table))).rejects.toMatchObject({
      code: 'signing.field-exists',
    });
    const off = [{ name: 'So', rect: { x: 200, y: 30, w: 25, h: 7 } }];
    await expect(prepare(samples.table, off)).rejects.toMatchObject({ code: 'signing.outside-page' });
    const far = [{ name: 'So', page: 9, rect: { x: 20, y: 30, w: 25, h: 7 } }];
    await expect(prepare(samples.table, far)).rejects.toMatchObject({ code: 'signing.no-such-page' });
  });

  test.each([
    ['an unknown field', { Khac: '1' }, 'signing.no-such-field'],
    ['a letter the font has not', { So: '12/漢' }, 'signing.text-not-drawable'],
    ['a value too long for the field', { So: '1234567890'.repeat(6) }, 'signing.value-too-long'],
  ])('%s', async (_name, wanted, code) => {
    await expect(fill(await prepare(samples.table), wanted as Record<string, string>)).rejects.toMatchObject({
      code,
    });
  });

  test('after a leader who certified that nothing may change', async () => {
    const led = await sign(await prepare(samples.table), { certify: 1 });
    await expect(fill(led, values)).rejects.toMatchObject({ code: 'signing.no-changes-allowed' });
  });
});

test('what adds to a file whose earlier signature is broken is told so, and not that something was signed', async () => {
  const bytes = readFileSync(await sign(await prepare(samples.table)));
  // In what is signed, and nothing of the file's structure.
  const at = bytes.indexOf('stream\n') + 40;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  const broken = fresh();
  writeFileSync(broken, bytes);
  const out = fresh();
  const filling = fieldsCommand(['fill', broken, '--out', out, '--value', 'So=12']);
  await expect(filling).rejects.toMatchObject({ code: 'archive.update-check-failed' });
  expect(existsSync(out)).toBe(false);
});
