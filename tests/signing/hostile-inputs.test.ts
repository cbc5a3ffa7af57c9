import { execFile, execFileSync } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { extendedKeyUsageExtension, keyUsageExtension } from '../../scripts/pki/certificate-builder.ts';
import { issueCertificate, type IssuedCertificate } from '../../scripts/pki/index.ts';
import { writeManyObjects } from '../../scripts/bench/many-objects.ts';
import { hashFile } from '../../core/shared/durable-fs.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

/** What nobody may sign: refused with a code and a whole Vietnamese sentence, the token never asked, little time and memory. */
const MOST_MS = 10_000;
const MOST_MB = 256;

const hour = 3_600_000;
const now = Date.now();
const at = (hours: number): Date => new Date(now + hours * hour);

let shop: Workshop;
let agency: IssuedCertificate;
beforeAll(async () => {
  shop = await openWorkshop();
  const key = createPrivateKey(await readFile(shop.pki.agency.key, 'utf8'));
  agency = { certificate: shop.key().certificate, key };
});
afterAll(() => shop.close());

const resultSchema = z.object({
  code: z.string(),
  message: z.string(),
  asked: z.boolean(),
  ms: z.number(),
  maxRssMb: z.number(),
});

let made = 0;
async function attempt(bytes: Uint8Array, signer: IssuedCertificate = agency) {
  const name = `hostile-${++made}`;
  const inputPath = await shop.write(`${name}.pdf`, bytes);
  const outputPath = shop.path(`${name}-signed.pdf`);
  const input = JSON.stringify({
    inputPath,
    outputPath,
    certificate: Buffer.from(signer.certificate).toString('base64'),
    chain: [Buffer.from(shop.pki.issuing.certificate).toString('base64')],
    keyPem: (signer.key as KeyObject).export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  const stdout = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'hostile-child.ts')],
      (error, out, words) => (error ? reject(new Error(words)) : resolve(out)),
    );
    child.stdin?.end(input);
  });
  return {
    ...resultSchema.parse(JSON.parse(stdout)),
    left: readdirSync(dirname(outputPath)).filter((name) => name.startsWith(basename(outputPath))).length > 0,
  };
}

function expectRefused(result: Awaited<ReturnType<typeof attempt>>, code: string): void {
  expect(result.code, result.message).toBe(code);
  expect(result.asked).toBe(false);
  expect(result.left).toBe(false);
  expect(result.message).toMatch(/^\p{Lu}.*\.$/su);
  expect(result.message).not.toMatch(/[{}?]|undefined|null|NaN|\[object/u);
  expect(result.ms).toBeLessThan(MOST_MS);
  expect(result.maxRssMb).toBeLessThan(MOST_MB);
}

const letter = (): Buffer => rawPdf({ objects: onePageObjects() });
const replaced = (bytes: Buffer, from: string | RegExp, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

/** A file with a second cross-reference section whose /Prev names itself, or each the other. */
function prevLoop(kind: 'itself' | 'each other'): Buffer {
  const first = letter();
  const at = first.lastIndexOf('xref\n0');
  const second = first.length;
  const prev = kind === 'itself' ? second : at;
  const looped =
    kind === 'itself' ? first : replaced(first, '/Root 1 0 R', `/Root 1 0 R /Prev ${second + 25}`);
  const start = kind === 'itself' ? second : second + 25;
  const gap = Buffer.alloc(start - looped.length, 0x0a);
  const tail = `xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 4 /Root 1 0 R /Prev ${prev} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.concat([looped, gap, Buffer.from(tail)]);
}

/** A chain of so many sections that each is another one. */
function longChain(sections: number): Buffer {
  const parts = [letter()];
  let length = parts[0]?.length ?? 0;
  let prev = letter().lastIndexOf('xref\n0');
  for (let i = 0; i < sections; i++) {
    const section = `xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 4 /Root 1 0 R /Prev ${prev} >>\nstartxref\n${length}\n%%EOF\n`;
    prev = length;
    parts.push(Buffer.from(section));
    length += section.length;
  }
  return Buffer.concat(parts);
}

/** The catalog lies in an object stream that grows to `bytes` when it is opened. */
function objectStreamBomb(bytes: number): Buffer {
  const head = '%PDF-1.5\n';
  const inner = `1 0 2 ${bytes - 60} `;
  const plain = Buffer.alloc(bytes, 0x20);
  plain.write(inner);
  plain.write('<< /Type /Catalog /Pages 2 0 R >>', inner.length);
  plain.write('<< /Type /Pages /Kids [] /Count 0 >>', bytes - 50);
  const packed = deflateSync(plain);
  const stream = Buffer.concat([
    Buffer.from(
      `3 0 obj\n<< /Type /ObjStm /N 2 /First ${inner.length} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`,
    ),
    packed,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
  const xrefAt = head.length + stream.length;
  const rows = Buffer.from([
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    3,
    0,
    2,
    0,
    0,
    0,
    3,
    1,
    1,
    0,
    0,
    0,
    head.length,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
  ]);
  rows.writeUInt32BE(xrefAt, 25);
  const xref = rawStream('/Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R', rows);
  return Buffer.concat([
    Buffer.from(head),
    stream,
    Buffer.from('4 0 obj\n'),
    xref,
    Buffer.from(`\nendobj\nstartxref\n${xrefAt}\n%%EOF\n`),
  ]);
}

/** A letter whose page shows a signed field that the form does not list. */
function straySignature(): Buffer {
  const signature =
    '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 30] /Contents <00> >>';
  const widget =
    '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Lanh dao) /Rect [0 0 0 0] /P 3 0 R /V 5 0 R >>';
  return rawPdf({ objects: [...onePageObjects({ page: '/Annots [4 0 R]' }), widget, signature] });
}

function manyPages(count: number, declared = count): Buffer {
  const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`).join(' ');
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>';
  return rawPdf({
    objects: [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${declared} >>`,
      ...Array.from({ length: count }, () => page),
    ],
  });
}

function manyFields(count: number): Buffer {
  const [, pages = '', page = ''] = onePageObjects();
  const fields = Array.from({ length: count }, (_, index) => `${index + 4} 0 R`).join(' ');
  return rawPdf({
    objects: [
      `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] >> >>`,
      pages,
      page,
      ...Array.from({ length: count }, (_, index) => `<< /FT /Tx /T (f${index}) >>`),
    ],
  });
}

/** So many pages that all name one list of so many annotations. */
function sharedAnnotations(pages: number, annotations: number): Buffer {
  return rawPdf({
    objects: [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${'3 0 R '.repeat(pages)}] /Count ${pages} >>`,
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 4 0 R >>',
      `[${'5 0 R '.repeat(annotations)}]`,
      '<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] >>',
    ],
  });
}

/** So many pages that all name one list of so many contents. */
function sharedContents(pages: number, contents: number): Buffer {
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>';
  return rawPdf({
    objects: [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${Array.from({ length: pages }, (_, index) => `${index + 5} 0 R`).join(' ')}] /Count ${pages} >>`,
      `[${'4 0 R '.repeat(contents)}]`,
      rawStream('', 'q Q'),
      ...Array.from({ length: pages }, () => page),
    ],
  });
}

/** So many fields that all name one list of so many kids. */
function sharedKids(fields: number, kids: number): Buffer {
  const references = Array.from({ length: fields }, (_, index) => `${index + 5} 0 R`).join(' ');
  return rawPdf({
    objects: [
      ...onePageObjects({ catalog: `/AcroForm << /Fields [${references}] >>` }),
      `[${'3 0 R '.repeat(kids)}]`,
      ...Array.from({ length: fields }, (_, index) => `<< /FT /Tx /T (f${index}) /Kids 4 0 R >>`),
    ],
  });
}

/** So many fields that all name one signature of so many bytes, whose range is in order. */
function sharedSignature(fields: number, bytes: number): Buffer {
  const references = Array.from({ length: fields }, (_, index) => `${index + 5} 0 R`).join(' ');
  const withRange = (...range: readonly number[]): Buffer =>
    rawPdf({
      objects: [
        ...onePageObjects({ catalog: `/AcroForm << /Fields [${references}] >>` }),
        `<< /Type /Sig /ByteRange [${range.map((n) => String(n).padStart(10, '0')).join(' ')}] /Contents <${'00'.repeat(bytes)}> >>`,
        ...Array.from({ length: fields }, (_, index) => `<< /FT /Sig /T (f${index}) /V 4 0 R >>`),
      ],
    });
  const file = withRange(0, 0, 0, 0);
  const start = file.indexOf('/Contents <') + '/Contents '.length;
  const end = start + 2 * bytes + 2;
  return withRange(0, start, end, file.length - end);
}

describe('a file that is made to harm is refused before the token is asked, in little time and memory:', () => {
  test.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ['startxref past the end', 'pdf.damaged', () => replaced(letter(), /startxref\n\d+/, 'startxref\n999999')],
    ['startxref into the middle of an object', 'pdf.damaged', () => replaced(letter(), /startxref\n\d+/, 'startxref\n20')],
    ['an entry that points at another object', 'pdf.damaged', () => {
      const bytes = letter();
      const [first = '', second = ''] = [...bytes.toString('latin1').matchAll(/\d{10} 00000 n /g)].map(([entry]) => entry);
      return replaced(bytes, first, second);
    }],
    ['an entry that points nowhere', 'pdf.damaged', () => replaced(letter(), /\d{10} 00000 n /, '0000099999 00000 n ')],
    ['a section that names itself as the one before', 'pdf.damaged', () => prevLoop('itself')],
    ['two sections that name each other', 'pdf.damaged', () => prevLoop('each other')],
    ['a chain of 50,000 sections', 'pdf.limit', () => longChain(50_000)],
    ['an object stream that grows to 64 MB', 'pdf.limit', () => objectStreamBomb(64 * 1024 * 1024)],
    ['a /Size that leaves no number for new objects', 'pdf.limit', () =>
      Buffer.from(letter().toString('latin1').replace(/\/Size \d+/, '/Size 2147483647'), 'latin1')],
    ['a page tree that is its own child', 'pdf.damaged', () => replaced(letter(), '/Kids [3 0 R]', '/Kids [2 0 R]')],
    ['a field tree that is its own child', 'pdf.damaged', () =>
      rawPdf({ objects: [...onePageObjects({ catalog: '/AcroForm << /Fields [4 0 R] >>' }), '<< /T (a) /Kids [4 0 R] >>'] })],
    ['arrays in arrays in arrays', 'pdf.limit', () =>
      rawPdf({ objects: [...onePageObjects({ catalog: '/Deep 4 0 R' }), `${'['.repeat(5_000)}${']'.repeat(5_000)}`] })],
    ['an earlier signature whose byte range is wrong', 'signing.earlier-signature-broken', async () => {
      const signed = await readFile(await shop.sign(shop.letter, `ranged-${++made}.pdf`));
      const [range = ''] = /\/ByteRange \[0 \d+/.exec(signed.toString('latin1')) ?? [];
      const digits = range.slice(range.lastIndexOf(' ') + 1);
      return replaced(signed, range, range.slice(0, -digits.length) + String(Number(digits) - 7).padStart(digits.length, '0'));
    }],
    ['a broken signature that stands on the page and not in the form', 'signing.earlier-signature-broken', () => straySignature()],
    ['hundreds of fields that share one long signature', 'signing.earlier-signature-broken', () => sharedSignature(900, 100_000)],
    ['15,000 signatures', 'pdf.limit', () => sharedSignature(15_000, 100)],
    ['hundreds of fields that share one long list of kids', 'pdf.limit', () => sharedKids(500, 400_000)],
    ['thousands of pages that share one long list of annotations', 'pdf.limit', () => sharedAnnotations(9_000, 100_000)],
    ['two signatures in fields of the same name', 'signing.earlier-signature-broken', async () => {
      const once = await shop.sign(shop.letter, `once-${++made}.pdf`, { fieldName: 'Lanh dao 1' });
      const twice = await readFile(await shop.sign(once, `twice-${++made}.pdf`, { fieldName: 'Lanh dao 2' }));
      return replaced(twice, '(Lanh dao 2)', '(Lanh dao 1)');
    }],
    ['a signature field with something else in it', 'signing.earlier-signature-broken', () =>
      rawPdf({ objects: [...onePageObjects({ catalog: '/AcroForm << /Fields [4 0 R] >>' }), '<< /FT /Sig /T (a) /V (da ky) >>'] })],
  ])('%s', async (_name, code, make) => {
    expectRefused(await attempt(await make()), code);
  }, 30_000); // prettier-ignore

  test('100,000 pages', async () => {
    expectRefused(await attempt(manyPages(100_000)), 'pdf.too-many-pages');
  }, 30_000);

  test.each([
    ['50,000 pages that are declared as one', () => manyPages(50_000, 1)],
    ['10,000 fields', () => manyFields(10_000)],
    ['100,000 objects', () => manyObjects(100_000)],
    ['hundreds of pages that share one long list of contents', () => sharedContents(900, 400_000)],
  ] as const)(
    '%s are signed or refused, within the same bounds',
    async (_name, make) => {
      const result = await attempt(await make());
      expect(result.ms).toBeLessThan(MOST_MS);
      expect(result.maxRssMb).toBeLessThan(MOST_MB);
      if (result.code === 'signed') expect(result).toMatchObject({ asked: true, left: true });
      else expectRefused(result, result.code);
    },
    30_000,
  );
});

/** A tagged file with nearly nothing but elements of its structure tree. */
async function manyObjects(objects: number): Promise<Buffer> {
  const path = shop.path('many-objects.pdf');
  await writeManyObjects(path, objects);
  return await readFile(path);
}

describe('a certificate that may not sign is refused before the token is asked:', () => {
  const issue = (options: Partial<Parameters<typeof issueCertificate>[1]>): Promise<IssuedCertificate> =>
    issueCertificate(shop.pki, {
      notBefore: at(-1),
      notAfter: at(1),
      subject: [['CN', 'Người ký mẫu']],
      ...options,
    });

  test.each<[string, string, () => Promise<IssuedCertificate>]>([
    ['expired', 'signing.certificate-expired', () => issue({ notBefore: at(-3), notAfter: at(-2) })],
    ['not yet valid', 'signing.certificate-not-yet-valid', () => issue({ notBefore: at(2), notAfter: at(3) })],
    ['without key usage', 'signing.certificate-unfit', () => issue({ extensions: [] })],
    ['a CA’s', 'signing.certificate-unfit', () =>
      Promise.resolve({ certificate: shop.pki.issuing.certificate, key: shop.pki.issuing.key })],
    ['a TSA’s', 'signing.certificate-unfit', () =>
      issue({ extensions: [keyUsageExtension(['digitalSignature']), extendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'], 'critical')] })],
  ])('%s', async (_name, code, make) => {
    expectRefused(await attempt(letter(), await make()), code);
  }); // prettier-ignore
});

test('a pipe in a file’s place is refused and not waited for', async () => {
  const pipe = shop.path('pipe.pdf');
  // Windows has no such pipes; there a folder stands in.
  if (process.platform === 'win32') mkdirSync(pipe);
  else execFileSync('mkfifo', [pipe]);
  for (const level of ['B-B', 'B-LT'] as const) {
    const signing = signPdf({
      inputPath: pipe,
      outputPath: shop.path('pipe-signed.pdf'),
      key: shop.key(),
      level,
      signingTime: new Date().toISOString(),
    });
    await expect(signing).rejects.toMatchObject({ code: 'general.no-such-input' });
  }
  await expect(hashFile(pipe)).rejects.toMatchObject({ code: 'general.no-such-input' });
});

test('what is in order is signed by the same process, in the same bounds', async () => {
  const result = await attempt(letter());
  expect(result).toMatchObject({ code: 'signed', asked: true, left: true });
  expect(result.maxRssMb).toBeLessThan(MOST_MB);
});
