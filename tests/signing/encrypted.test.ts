import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPdf, withPdf } from '../../core/pdf/document.ts';
import { PdfDict, PdfStream, PdfString, textOf } from '../../core/pdf/objects.ts';
import { firstPage } from '../../core/pdf/pages.ts';
import { extendPdf } from '../../core/signing/extend-pdf.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { startDemoOcsp, startDemoTsa, type DemoOcsp, type DemoService } from '../../scripts/pki/index.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';
import { rawPdf, onePageObjects, rawStream } from '../lib/raw-pdf.ts';

let shop: Workshop;
let tsa: DemoService;
let ocsp: DemoOcsp;
let plain: string;

const kinds = {
  'RC4-40': ['40'],
  'RC4-128': ['128', '--use-aes=n'],
  'AES-128': ['128', '--use-aes=y'],
  'AES-128 with plain metadata': ['128', '--use-aes=y', '--cleartext-metadata'],
  'AES-256': ['256'],
  'AES-256 R5': ['256', '--force-R5'],
} as const;
type Kind = keyof typeof kinds;
const everyKind = Object.keys(kinds) as Kind[];

const user = 'Mat khau 1';
const owner = 'Chu tep 2';

beforeAll(async () => {
  shop = await openWorkshop();
  [tsa, ocsp] = await Promise.all([startDemoTsa(shop.pki), startDemoOcsp(shop.pki)]);
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog: '/Metadata 6 0 R',
    page: '/Contents 4 0 R /Resources << >>',
  });
  const content = rawStream('', '0 0 1 RG 40 40 515 760 re S');
  const information = '<< /Title (Cong van so 12) >>';
  const metadata = rawStream('/Type /Metadata /Subtype /XML', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  plain = await shop.write(
    'plain.pdf',
    rawPdf({
      objects: [catalog, pages, page, content, information, metadata],
      trailer:
        '/Root 1 0 R /Info 5 0 R /ID [<000102030405060708090a0b0c0d0e0f> <000102030405060708090a0b0c0d0e0f>]',
    }),
  );
});

afterAll(async () => {
  await Promise.all([tsa.close(), ocsp.close()]);
  await shop.close();
});

let made = 0;
const fresh = (): string => shop.path(`out-${++made}.pdf`);

function encrypt(
  kind: Kind,
  passwords: readonly [string, string] = [user, owner],
  ...more: string[]
): string {
  const output = fresh();
  const [bits, ...options] = kinds[kind];
  const args = ['--allow-weak-crypto', '--encrypt', ...passwords, bits, ...options, ...more, '--'];
  execFileSync('qpdf', [...args, plain, output]);
  return output;
}

const sign = (inputPath: string, options: Partial<SignPdfOptions> = {}) =>
  signPdf({
    inputPath,
    outputPath: fresh(),
    key: shop.key(),
    level: 'B-B',
    signingTime: new Date().toISOString(),
    reason: 'Số hóa văn bản đến',
    appearance: { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân xã Thử Nghiệm' },
    ...options,
  });

/** Foreign programs read the file with its password and accept the signature. */
function expectAccepted(path: string, password: string, signatures = 1): void {
  const qpdf = spawnSync('qpdf', [`--password=${password}`, '--check', path], { encoding: 'utf8' });
  expect(qpdf.stdout + qpdf.stderr).toContain('No syntax or stream encoding errors');
  expect(qpdf.status).toBe(0);
  const pdfsig = spawnSync('pdfsig', ['-no-ocsp', '-nocert', '-opw', password, '-upw', password, path], {
    encoding: 'utf8',
  });
  expect(pdfsig.stdout.match(/Signature is Valid/g) ?? []).toHaveLength(signatures);
}

const titleOf = (path: string, password: string): string =>
  withPdf(
    path,
    (pdf) => {
      const information = pdf.resolve(pdf.trailer.get('Info'));
      const title = information instanceof PdfDict ? pdf.get(information, 'Title') : null;
      return title instanceof PdfString ? textOf(title) : '';
    },
    { password },
  );

const contentOf = (path: string, password: string): string =>
  withPdf(
    path,
    (pdf) => {
      const stream = pdf.get(firstPage(pdf).dict, 'Contents');
      return stream instanceof PdfStream
        ? Buffer.from(pdf.decodeStream(stream)).toString('latin1').trim()
        : '';
    },
    { password },
  );

describe.each(everyKind)('%s', (kind) => {
  test('opens with the user’s and with the owner’s password, and with no other', () => {
    const path = encrypt(kind);
    for (const password of [user, owner]) {
      expect(titleOf(path, password)).toBe('Cong van so 12');
      expect(contentOf(path, password)).toBe('0 0 1 RG 40 40 515 760 re S');
    }
    expect(() => openPdf(path, { password: 'sai' })).toThrow(
      expect.objectContaining({ code: 'pdf.password-wrong' }),
    );
    expect(() => openPdf(path)).toThrow(expect.objectContaining({ code: 'pdf.encrypted' }));
  });

  test.each(['n', 'y'])('is signed and signed again, object streams: %s', async (streams) => {
    const input = fresh();
    const [bits, ...options] = kinds[kind];
    execFileSync('qpdf', ['--allow-weak-crypto', `--object-streams=${streams === 'y' ? 'generate' : 'disable'}`,
      '--encrypt', user, owner, bits, ...options, '--', plain, input]); // prettier-ignore
    const first = await sign(input, { password: user });
    expectAccepted(first.outputPath, user);
    const second = await sign(first.outputPath, { password: owner });
    expectAccepted(second.outputPath, owner, 2);
    expect(titleOf(second.outputPath, user)).toBe('Cong van so 12');
    const report = await shop.verify(second.outputPath, { password: user });
    expect(report).toMatchObject({ verdict: 'valid' });
    const bytes = readFileSync(second.outputPath);
    expect(bytes.subarray(0, first.bytes).equals(readFileSync(first.outputPath))).toBe(true);
    // the reason is a string of the update and must not stand there in plain
    expect(bytes.includes(Buffer.from('feff005300d1', 'hex'))).toBe(false);
  });
});

test('an encrypted file reaches B-LTA, at once and later', async () => {
  const trust = { anchors: await loadAnchors([shop.pki.rootPath], 'signature') };
  const services = { trust, tsa: { url: tsa.url } };
  const atOnce = await sign(encrypt('AES-256'), { password: user, level: 'B-LTA', ...services });
  expect(atOnce).toMatchObject({ level: 'B-LTA', pending: [] });
  const signed = await sign(encrypt('AES-128'), { password: user });
  const outputPath = fresh();
  const inputPath = signed.outputPath;
  const later = await extendPdf({ inputPath, outputPath, level: 'B-LTA', password: user, ...services });
  expect(later).toMatchObject({ level: 'B-LTA', pending: [] });
  for (const path of [atOnce.outputPath, outputPath]) {
    expectAccepted(path, user);
    const report = await shop.verify(path, { password: user });
    expect(report.verdict).toBe('valid');
    expect(report.signatures[0]?.level).toBe('B-LTA');
  }
});

test('a password that does not fit is a reason of its own, and nothing is left behind', async () => {
  const path = encrypt('AES-256');
  await expect(sign(path, { password: 'sai' })).rejects.toMatchObject({ code: 'pdf.password-wrong' });
  await expect(sign(path)).rejects.toMatchObject({ code: 'pdf.encrypted' });
  expect(readdirSync(shop.dir).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a file that everybody may open but nobody may change asks for the owner’s password', async () => {
  const path = encrypt('AES-256', ['', owner], '--modify=none');
  await expect(sign(path)).rejects.toMatchObject({ code: 'signing.not-permitted' });
  const signed = await sign(path, { password: owner });
  expectAccepted(signed.outputPath, owner);
  expect((await shop.verify(signed.outputPath)).verdict).toBe('valid');
});

test('bytes of a string that cannot be decrypted are damage', async () => {
  const path = encrypt('AES-256');
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf('/Title <') + '/Title <'.length;
  bytes.write(bytes.toString('latin1', at, at + 2) === '00' ? '11' : '00', at + 62, 'latin1');
  const broken = await shop.write('broken.pdf', bytes);
  expect(() => titleOf(broken, user)).toThrow(expect.objectContaining({ code: 'pdf.damaged' }));
});
