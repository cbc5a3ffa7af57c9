import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignPdf } from '@signpdf/signpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPdf, withPdf, type PdfDocument } from '../../core/pdf/document.ts';
import { PdfStream } from '../../core/pdf/objects.ts';
import { listRevisions } from '../../core/pdf/revisions.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { buildCms } from '../../core/signing/cades.ts';
import { CadesSigner } from '../../core/signing/cades-signer.ts';
import { embedSignature } from '../../core/signing/embed.ts';
import { outputNameOf } from '../../core/signing/part-name.ts';
import { prepareSignature } from '../../core/signing/prepare.ts';
import { preparedSignatureSchema, type PreparedSignature } from '../../core/signing/prepared-signature.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { buildSignatureUpdate } from '../../core/signing/signature-update.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { makeSamplePdfs, type SamplePdfs } from '../lib/sample-pdfs.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';
import { startTestTsa } from '../lib/test-tsa.ts';

let dir: string;
let pki: TestPki;
let samples: SamplePdfs;
let rsa: SigningKey;
let ec: SigningKey;
let oracles: PdfOracles;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-sign-'));
  pki = makeTestPki(dir);
  rsa = pki.key('rsa-2048');
  ec = pki.key('P-256');
  oracles = makeOracles(pki);
  samples = await makeSamplePdfs(dir);
});

afterAll(() => rm(dir, { recursive: true, force: true }));

const arrival = { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân xã Thử Nghiệm' } as const;

function sign(options: Partial<SignPdfOptions> & { inputPath: string; outputPath: string }) {
  return signPdf({
    key: rsa,
    level: 'B-B',
    signingTime: '2026-11-20T15:04:05+07:00',
    appearance: arrival,
    ...options,
  });
}

/** A file's size, and one more when it lacks the last line end that an update adds. */
async function sizeWithLineEnd(path: string): Promise<number> {
  const bytes = await readFile(path);
  return bytes.length + (bytes.at(-1) === 0x0a ? 0 : 1);
}

async function expectSound(input: string, output: string, signatures: number): Promise<void> {
  const [before, after] = await Promise.all([readFile(input), readFile(output)]);
  expect(after.subarray(0, before.length).equals(before)).toBe(true);
  const report = oracles.pdfsig(output);
  expect(report.validity).toEqual(Array.from({ length: signatures }, () => 'Signature is Valid.'));
  expect(report.certificates).toEqual(Array.from({ length: signatures }, () => 'Certificate is Trusted.'));
  expect(oracles.opensslCms(output)).toBe(signatures);
  expect(oracles.qpdfProblems(output)).toBe('');
}

describe('a PDF of any cross-reference kind', () => {
  test.each(['table', 'stream', 'linearized', 'linearizedStream', 'form', 'formStream'] as const)(
    '%s is signed twice by appending, and foreign verifiers accept both signatures',
    async (kind) => {
      const once = join(dir, `${kind}-once.pdf`);
      const twice = join(dir, `${kind}-twice.pdf`);
      const first = await sign({ inputPath: samples[kind], outputPath: once });
      expect(first).toMatchObject({ level: 'B-B', pending: [], fieldName: 'Signature1' });
      expect(first.warnings.map(({ code }) => code)).toEqual(['signing.place-not-checked']);
      await expectSound(samples[kind], once, 1);
      const second = await sign({
        inputPath: once,
        outputPath: twice,
        key: ec,
        appearance: { kind: 'none' },
        signingTime: '2026-11-20T16:00:00+07:00',
      });
      expect(second).toMatchObject({ fieldName: 'Signature2', prefixSha256: first.sha256 });
      await expectSound(once, twice, 2);
      const ends = await Promise.all([samples[kind], once, twice].map(sizeWithLineEnd));
      expect(withPdf(twice, listRevisions).map(({ endOffset }) => endOffset)).toEqual(ends);
    },
    20_000,
  );
});

describe('levels and algorithms', () => {
  test('B-T carries a timestamp and stays valid for foreign verifiers', async () => {
    const tsa = await startTestTsa(pki);
    const outputPath = join(dir, 'b-t.pdf');
    const signed = await sign({
      inputPath: samples.stream,
      outputPath,
      level: 'B-T',
      tsa: { url: tsa.url },
    }).finally(() => tsa.close());
    expect(signed).toMatchObject({ level: 'B-T', requestedLevel: 'B-T', pending: [] });
    expect(tsa.queries).toHaveLength(1);
    await expectSound(samples.stream, outputPath, 1);
  });

  test('a TSA that is away costs the level, not the signature', async () => {
    const outputPath = join(dir, 'pending.pdf');
    const signed = await sign({
      inputPath: samples.table,
      outputPath,
      level: 'B-T',
      tsa: { url: 'http://127.0.0.1:1/', deadlineMs: 2000 },
    });
    expect(signed).toMatchObject({
      level: 'B-B',
      requestedLevel: 'B-T',
      pending: ['timestamp'],
      timestampError: { code: 'signing.tsa-unavailable' },
    });
    await expectSound(samples.table, outputPath, 1);
  });

  test.each([
    ['rsa-2048', 'rsa-pss', 'sha256'],
    ['rsa-3072', 'rsa-pkcs1', 'sha384'],
    ['P-384', 'ecdsa', 'sha512'],
  ] as const)('%s signs with %s over %s', async (kind, scheme, digestAlgorithm) => {
    const outputPath = join(dir, `${kind}-${scheme}.pdf`);
    await sign({
      inputPath: samples.table,
      outputPath,
      key: kind === 'rsa-2048' ? rsa : pki.key(kind),
      scheme,
      digestAlgorithm,
      appearance: { kind: 'none' },
    });
    expect(oracles.opensslCms(outputPath)).toBe(1);
    expect(oracles.qpdfProblems(outputPath)).toBe('');
  });
});

describe('the signature dictionary', () => {
  test('is that of a PAdES baseline approval signature', async () => {
    const outputPath = join(dir, 'dictionary.pdf');
    await sign({
      inputPath: samples.table,
      outputPath,
      fieldName: 'ChuKyCoQuan',
      reason: 'Số hóa văn bản đến',
      location: 'Hà Nội',
    });
    withPdf(outputPath, (pdf) => {
      const [field] = readSignatureFields(pdf);
      const size = pdf.source.size;
      expect(field?.fieldName).toBe('ChuKyCoQuan');
      expect(field?.signature).toMatchObject({
        type: 'Sig',
        filter: 'Adobe.PPKLite',
        subFilter: 'ETSI.CAdES.detached',
        claimedTime: "D:20261120150405+07'00'",
      });
      const [zero, before, after = 0, rest = 0] = field?.signature?.byteRange ?? [];
      expect([zero, before, after]).toEqual([
        0,
        field?.signature?.contentsSpan?.start,
        field?.signature?.contentsSpan?.end,
      ]);
      expect(after + rest).toBe(size);
      expect(field?.field.get('F')).toBe(132);
      expect([...(field?.signature?.dict.entries.keys() ?? [])]).not.toContain('Cert');
      const form = pdf.getDict(pdf.catalog(), 'AcroForm');
      expect(form?.get('SigFlags')).toBe(3);
    });
  });

  test('an invisible signature has an empty rectangle and an empty appearance', async () => {
    const outputPath = join(dir, 'invisible.pdf');
    await sign({ inputPath: samples.table, outputPath, appearance: { kind: 'none' } });
    withPdf(outputPath, (pdf) => {
      const [field] = readSignatureFields(pdf);
      expect(field?.field.get('Rect')).toEqual([0, 0, 0, 0]);
      expect(pdf.get(pdf.getDict(field?.field ?? pdf.trailer, 'AP') ?? pdf.trailer, 'N')).toBeInstanceOf(
        PdfStream,
      );
    });
  });
});

describe('what must not be signed is refused with its reason, and nothing is left behind', () => {
  const signatureObject = (extra: string): string =>
    `<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 30] /Contents <00> ${extra} >>`;
  const certified = (permission: number, field = ''): Buffer => {
    const body = (range: string): Buffer =>
      rawPdf({
        objects: [
          ...onePageObjects({ catalog: '/AcroForm << /Fields [4 0 R] >>' }),
          `<< /T (Cu) /FT /Sig /V 5 0 R ${field} >>`,
          `<< /Type /Sig /ByteRange ${range} /Contents <00> /Reference [<< /TransformMethod /DocMDP /TransformParams << /P ${permission} >> >>] >>`,
        ],
      });
    const draft = body('[0 1111 2222 3333]');
    const start = draft.indexOf('<00>');
    const range = `[0 ${start} ${start + 4} ${draft.length - start - 4}]`;
    return body(range.padEnd('[0 1111 2222 3333]'.length));
  };

  test.each<[string, Buffer, string]>([
    ['a document certified against every change', certified(1), 'signing.no-changes-allowed'],
    [
      'a document whose last signer locked everything',
      certified(2, '/Lock << /Type /SigFieldLock /Action /All /P 1 >>'),
      'signing.no-changes-allowed',
    ],
    ['an XFA form', rawPdf({ objects: onePageObjects({ catalog: '/AcroForm << /Fields [] /XFA (x) >>' }) }), 'signing.xfa'],
    ['a portfolio', rawPdf({ objects: onePageObjects({ catalog: '/Collection << >>' }) }), 'signing.portfolio'],
    ['an earlier signature with a wrong byte range', rawPdf({ objects: [...onePageObjects({ catalog: '/AcroForm << /Fields [4 0 R] >>' }), '<< /T (Cu) /FT /Sig /V 5 0 R >>', signatureObject('')] }), 'signing.earlier-signature-broken'],
    ['a catalog that says two things', rawPdf({ objects: onePageObjects({ catalog: '/OpenAction [3 0 R /Fit] /OpenAction null' }) }), 'pdf.damaged'],
  ])('%s', async (_, bytes, code) => {
    const inputPath = join(dir, 'refused-in.pdf');
    const outputPath = join(dir, 'refused-out.pdf');
    await writeFile(inputPath, bytes);
    await expect(sign({ inputPath, outputPath })).rejects.toMatchObject({ code });
    expect((await readdir(dir)).filter((name) => name.startsWith('refused-out'))).toEqual([]);
    expect(await readFile(inputPath)).toEqual(bytes);
  }); // prettier-ignore

  test('a document certified for form filling is signed, with a warning about the visible block', async () => {
    const inputPath = join(dir, 'certified.pdf');
    await writeFile(inputPath, certified(2));
    const signed = await sign({ inputPath, outputPath: join(dir, 'certified-signed.pdf') });
    expect(signed.warnings.map(({ code }) => code)).toEqual([
      'signing.certified-new-visible-field',
      'signing.place-not-checked',
    ]);
  });

  test('a field name that is taken', async () => {
    const outputPath = join(dir, 'taken.pdf');
    await expect(sign({ inputPath: samples.form, outputPath, fieldName: 'SoDen' })).rejects.toMatchObject({
      code: 'signing.field-exists',
    });
  });

  test('an output that exists, unless it is to be replaced', async () => {
    const outputPath = join(dir, 'exists.pdf');
    await writeFile(outputPath, 'kept');
    await expect(sign({ inputPath: samples.table, outputPath })).rejects.toMatchObject({
      code: 'general.output-exists',
    });
    expect(await readFile(outputPath, 'utf8')).toBe('kept');
    await sign({ inputPath: samples.table, outputPath, existing: 'replace' });
    await expectSound(samples.table, outputPath, 1);
  });

  test('the original as its own output, even by another name and on request', async () => {
    const link = join(dir, 'link-to-table.pdf');
    await symlink(samples.table, link);
    const before = await readFile(samples.table);
    await expect(
      sign({ inputPath: samples.table, outputPath: link, existing: 'replace' }),
    ).rejects.toMatchObject({ code: 'signing.output-is-input' });
    expect(await readFile(samples.table)).toEqual(before);
  });

  test('a disk that is full', async () => {
    const prepared = prepareSignature({
      inputPath: samples.table,
      partPath: '/dev/full',
      signingTime: '2026-11-20T08:04:05Z',
    });
    await expect(prepared).rejects.toMatchObject({
      code: 'signing.write-failed',
      detail: { reason: 'ENOSPC' },
    });
  });

  test('a folder that is not there', async () => {
    const outputPath = join(dir, 'nowhere', 'out.pdf');
    await expect(sign({ inputPath: samples.table, outputPath })).rejects.toMatchObject({
      code: 'signing.write-failed',
      detail: { reason: 'ENOENT' },
    });
  });

  test('a file that the verifier rejects', async () => {
    const outputPath = join(dir, 'rejected.pdf');
    const seen: string[] = [];
    const verify = (path: string): Promise<void> => {
      seen.push(path);
      return Promise.reject(new Error('not valid'));
    };
    await expect(sign({ inputPath: samples.table, outputPath, verify })).rejects.toThrow('not valid');
    expect(seen.map((path) => outputNameOf(path))).toEqual([outputPath]);
    expect((await readdir(dir)).filter((name) => name.startsWith('rejected'))).toEqual([]);
  });
});

describe('finishing in another process', () => {
  async function prepared(name: string, reserveBytes = 4096): Promise<PreparedSignature> {
    const value = await prepareSignature({
      inputPath: samples.stream,
      partPath: join(dir, `${name}.part`),
      signingTime: '2026-11-20T08:04:05Z',
      reserveBytes,
    });
    return preparedSignatureSchema.parse(JSON.parse(JSON.stringify(value)));
  }

  test('what was prepared travels as JSON, is signed elsewhere and embedded', async () => {
    const value = await prepared('split');
    const { cms } = await buildCms(value, rsa);
    const embedded = await embedSignature(value, cms);
    expect(embedded).toMatchObject({ prefixBytes: value.inputBytes, prefixSha256: value.inputSha256 });
    const bytes = await readFile(value.partPath);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(embedded.sha256);
    await expectSound(samples.stream, value.partPath, 1);
  });

  test.each([
    ['in the copy of the input', 20],
    ['in what was appended', -3],
  ])('one changed byte %s stops it', async (_, offset) => {
    const value = await prepared(`changed${offset}`);
    const { cms } = await buildCms(value, rsa);
    const bytes = await readFile(value.partPath);
    const at = offset < 0 ? bytes.length + offset : offset;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(value.partPath, bytes);
    await expect(embedSignature(value, cms)).rejects.toMatchObject({ code: 'signing.prefix-changed' });
  });

  test('a CMS larger than its place is refused', async () => {
    const value = await prepared('small', 2048);
    await expect(embedSignature(value, new Uint8Array(2049))).rejects.toMatchObject({
      code: 'signing.contents-too-small',
      detail: { needed: 2049, reserved: 2048 },
    });
  });
});

test('our signer fills our placeholder through SignPdf of @signpdf', async () => {
  const update = await withOpenPdf(samples.table, (pdf) =>
    buildSignatureUpdate(pdf, {
      signingTime: new Date('2026-11-20T08:04:05Z'),
      appearance: arrival,
      reserveBytes: 8192,
    }),
  );
  const withPlaceholder = Buffer.concat([await readFile(samples.table), update.bytes]);
  const outputPath = join(dir, 'signpdf.pdf');
  await writeFile(outputPath, await new SignPdf().sign(withPlaceholder, new CadesSigner(rsa)));
  await expectSound(samples.table, outputPath, 1);
});

async function withOpenPdf<T>(path: string, use: (pdf: PdfDocument) => Promise<T>): Promise<T> {
  const pdf = openPdf(path);
  try {
    return await use(pdf);
  } finally {
    pdf.close();
  }
}
