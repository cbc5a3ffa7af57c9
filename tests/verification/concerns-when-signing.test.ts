import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspectFileBeforeSigning } from '../../core/verification/concern-warnings.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { anThu } from '../cli/run.ts';
import { openWorkshop, type Workshop } from './signed-files.ts';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

// Before signing, the same eyes warn the signer: on the command line here, in the window in tests/e2e.

let shop: Workshop;
let prepared: string;

beforeAll(async () => {
  shop = await openWorkshop();
  prepared = shop.path('chuan-bi.pdf');
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>',
    page: '/Contents 4 0 R',
  });
  const hidden = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>';
  await writeFile(
    prepared,
    rawPdf({ objects: [catalog, pages, page, rawStream('', 'q Q'), hidden], trailer: '/Root 1 0 R' }),
  );
});
afterAll(() => shop.close());

const signedSchema = z.looseObject({
  files: z.array(
    z.looseObject({
      ok: z.boolean(),
      warnings: z.array(z.object({ code: z.string(), message: z.string() })),
      error: z.looseObject({ code: z.string() }).optional(),
    }),
  ),
});
const sign = async (input: string, name: string, ...more: string[]) => {
  const key = pathToFileURL(shop.pki.agency.pkcs12).href;
  const result = await anThu(
    ['sign', input, '--out', shop.path(name), '--key', key, '--pin-env', 'THE_PIN', ...more, '--json'],
    { env: { THE_PIN: '123456' } },
  );
  return { status: result.status, file: result.json(signedSchema).files[0] };
};

it('a file with prepared pages and code is signed with warnings that name both', async () => {
  const { status, file } = await sign(prepared, 'co-canh-bao.pdf');
  expect([status, file?.ok]).toEqual([0, true]);
  expect(file?.warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['concern.javascript', 'concern.unreachable-pages']),
  );
});

it('and refused where the caller asks for that, with nothing written', async () => {
  const { status, file } = await sign(prepared, 'khong-ky.pdf', '--refuse-risks');
  expect(status).not.toBe(0);
  expect(file).toMatchObject({ ok: false, error: { code: 'signing.risks-refused' } });
});

it('an ordinary letter gives no cause', () => {
  const letter = shop.letter;
  expect(
    inspectFileBeforeSigning(letter)
      .filter(({ code }) => code !== 'concern.font-not-embedded')
      .map(({ code }) => code),
  ).toEqual([
    'concern.dangling-references', // the sample letter names an object that is not there, on purpose
  ]);
});
