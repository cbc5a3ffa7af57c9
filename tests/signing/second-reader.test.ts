import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withPdf } from '../../core/pdf/document.ts';
import type { SignatureAppearance } from '../../core/signing/appearance/look-schema.ts';
import { extendPdf } from '../../core/signing/extend-pdf.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { startDemoOcsp, startDemoTsa, type DemoOcsp, type DemoService } from '../../scripts/pki/index.ts';
import { handwritingPng, sealPng } from '../appearance/pictures.ts';
import { writeLetter } from '../appearance/letter.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { pdfOpinions, type PdfOpinion } from '../lib/pdf-opinion.ts';
import { hybridPdf } from '../lib/raw-pdf.ts';
import { makeSamplePdfs } from '../lib/sample-pdfs.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

/**
 * Every kind of file we write, read once more by programs that share nothing with us: PDFBox (strict, no repair) for the
 * structure, BouncyCastle for CMS, signing-certificate-v2, timestamps and /DSS, OpenSSL for the CMS, qpdf for the file.
 */
let shop: Workshop;
let pki: TestPki;
let oracles: PdfOracles;
/** The same programs, trusting the workshop's root. */
let shopOracles: PdfOracles;
let ocsp: DemoOcsp;
let tsa: DemoService;
const opinions = new Map<string, PdfOpinion>();
const passwords = new Map<string, string>();

const path = (name: string): string => shop.path(`${name}.pdf`);

async function sign(input: string, name: string, options: Partial<SignPdfOptions> = {}): Promise<void> {
  const signed = await signPdf({
    inputPath: input,
    outputPath: path(name),
    key: shop.key(),
    level: 'B-B',
    signingTime: '2026-11-20T15:04:05+07:00',
    tsa: { url: tsa.url },
    trust: { anchors: await loadAnchors([shop.pki.rootPath], 'signature') },
    ...options,
  });
  expect(signed.level, name).toBe(options.level ?? 'B-B');
}

const algorithms = [
  ['rsa-2048', 'rsa-pkcs1', 'sha256'],
  ['rsa-2048', 'rsa-pss', 'sha384'],
  ['rsa-3072', 'rsa-pkcs1', 'sha512'],
  ['rsa-3072', 'rsa-pss', 'sha256'],
  ['rsa-4096', 'rsa-pkcs1', 'sha384'],
  ['rsa-4096', 'rsa-pss', 'sha512'],
  ['P-256', 'ecdsa', 'sha256'],
  ['P-384', 'ecdsa', 'sha384'],
  ['P-521', 'ecdsa', 'sha512'],
  ['P-521', 'ecdsa', 'sha256'],
] as const;
const structures = ['table', 'stream', 'linearized', 'linearizedStream', 'form', 'formStream'] as const;
const levels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
const agencyName = 'Ủy ban nhân dân xã Hòa Thịnh';

function looks(): Record<string, SignatureAppearance> {
  const rect = { x: 100, y: 200, w: 50, h: 20 };
  return {
    scan: { kind: 'digitized-arrival', agencyName },
    copy: { kind: 'copy', copyForm: 'sao-y', agencyName },
    annex: { kind: 'annex', number: '12/QĐ-UBND' },
    leader: { kind: 'leader', imagePath: shop.path('hand.png'), place: { page: 1, rect } },
    seal: {
      kind: 'agency-seal',
      imagePath: shop.path('seal.png'),
      place: { page: 1, rect: { ...rect, w: 36, h: 36 } },
    },
    stamp: { kind: 'arrival-stamp', stamp: { agencyName, number: '123', date: '2026-11-20' } },
  };
}

beforeAll(async () => {
  shop = await openWorkshop();
  const testFolder = join(shop.dir, 'openssl');
  await mkdir(testFolder);
  pki = makeTestPki(testFolder);
  oracles = makeOracles(pki);
  const shopFolder = join(shop.dir, 'oracles');
  await mkdir(shopFolder);
  const { rootPath: rootPem, issuingPath: issuingPem } = shop.pki;
  shopOracles = makeOracles({ dir: shopFolder, rootPem, issuingPem }, { pdfsigOcsp: 'off' });
  [tsa, ocsp] = await Promise.all([startDemoTsa(shop.pki), startDemoOcsp(shop.pki)]);
  await writeFile(shop.path('hand.png'), await handwritingPng());
  await writeFile(shop.path('seal.png'), await sealPng());
  const samples = await makeSamplePdfs(testFolder);
  for (const kind of structures) await sign(samples[kind], `xref-${kind}`);
  await sign(await shop.write('hybrid-in.pdf', hybridPdf()), 'xref-hybrid', { level: 'B-T' });
  for (const level of levels) await sign(shop.letter, `level-${level}`, { level });
  await extendPdf({
    inputPath: path('level-B-B'),
    outputPath: path('extended'),
    level: 'B-LTA',
    tsa: { url: tsa.url },
    trust: { anchors: await loadAnchors([shop.pki.rootPath], 'signature') },
  });
  for (const [kind, scheme, digestAlgorithm] of algorithms)
    await sign(samples.table, `${kind}-${scheme}-${digestAlgorithm}`, {
      key: pki.key(kind, `${kind}-key`),
      scheme,
      digestAlgorithm,
    });
  await writeLetter(shop.path('issued.pdf'));
  for (const [name, appearance] of Object.entries(looks()))
    await sign(shop.path('issued.pdf'), `look-${name}`, { appearance });
  let before = shop.path('issued.pdf');
  for (const number of [1, 2, 3]) {
    await sign(before, `signers-${number}`, {
      key: pki.key('P-256', `signer-${number}`),
      level: number === 2 ? 'B-T' : 'B-B',
    });
    before = path(`signers-${number}`);
  }
  for (const [name, ...options] of [
    ['aes-256', '256'],
    ['aes-128', '128', '--use-aes=y'],
    ['rc4-128', '128', '--use-aes=n'],
  ] as const) {
    const encrypted = shop.path(`${name}-in.pdf`);
    execFileSync('qpdf', [
      '--allow-weak-crypto',
      '--encrypt',
      'mat khau',
      'chu tep',
      ...options,
      '--',
      samples.table,
      encrypted,
    ]);
    await sign(encrypted, `encrypted-${name}`, { level: 'B-LTA', password: 'mat khau' });
    passwords.set(path(`encrypted-${name}`), 'mat khau');
  }
  const names = [
    ...structures.map((kind) => `xref-${kind}`),
    'xref-hybrid',
    ...levels.map((level) => `level-${level}`),
    'extended',
    ...algorithms.map((parts) => parts.join('-')),
    ...Object.keys(looks()).map((name) => `look-${name}`),
    ...[1, 2, 3].map((number) => `signers-${number}`),
    ...['aes-256', 'aes-128', 'rc4-128'].map((name) => `encrypted-${name}`),
  ];
  const files = names.map((name) => {
    const password = passwords.get(path(name));
    return password === undefined ? path(name) : ([path(name), password] as const);
  });
  pdfOpinions(files).forEach((opinion, index) => opinions.set(names[index] ?? '', opinion));
});

afterAll(async () => {
  await Promise.all([tsa?.close(), ocsp?.close()]);
  await shop?.close();
});

const told = (name: string): PdfOpinion => {
  const opinion = opinions.get(name);
  if (!opinion) throw new Error(`no opinion on ${name}`);
  return opinion;
};

/** Strictly readable, every signature and timestamp right, none with what a PAdES baseline forbids. */
function expectSound(name: string, signatures: number): void {
  const { error, signatures: found } = told(name);
  expect(error, name).toBeUndefined();
  expect(found, name).toHaveLength(signatures);
  for (const signature of found) {
    expect(signature, name).toMatchObject({ valid: true });
    if (signature.subFilter === 'ETSI.CAdES.detached')
      expect(signature, name).toMatchObject({ signingCertificateV2: true, signingTime: false, der: true });
    for (const stamp of signature.timestamps ?? []) expect(stamp.valid, name).toBe(true);
  }
  expect(found.at(-1)?.wholeFile, name).toBe(true);
  if (!passwords.has(path(name))) expect(oracles.qpdfProblems(path(name)), name).toBe('');
}

describe('PDFBox and BouncyCastle accept', () => {
  test.each([...structures, 'hybrid'])('a file with the cross-references of %s', (kind) => {
    expectSound(`xref-${kind}`, 1);
  });

  test.each([
    ['B-B', 1, 0],
    ['B-T', 1, 1],
    ['B-LT', 1, 1],
    ['B-LTA', 2, 1],
  ] as const)('level %s', (level, signatures, timestamps) => {
    if (level !== 'B-LT') expectSound(`level-${level}`, signatures);
    const { signatures: found, store } = told(`level-${level}`);
    expect(found[0]).toMatchObject({ valid: true, signingCertificateV2: true });
    expect(found[0]?.timestamps).toHaveLength(timestamps);
    if (level === 'B-LT' || level === 'B-LTA') {
      expect(store?.certificates).toBeGreaterThanOrEqual(3);
      expect((store?.responses ?? 0) + (store?.lists ?? 0)).toBeGreaterThanOrEqual(2);
    } else expect(store).toBeNull();
  });

  test('and so does OpenSSL: every signature, signature timestamp and document timestamp', () => {
    for (const level of levels) expect(shopOracles.opensslCms(path(`level-${level}`))).toBe(1);
    for (const name of ['level-B-LTA', 'extended']) expect(shopOracles.opensslTs(path(name))).toBe(1);
    for (const kind of [...structures, 'hybrid'])
      expect(shopOracles.opensslCms(path(`xref-${kind}`))).toBe(1);
  });

  test('a signature that was raised from B-B to B-LTA later', () => {
    expectSound('extended', 2);
    expect(told('extended').signatures.map(({ subFilter }) => subFilter)).toContain('ETSI.RFC3161');
    expect(told('extended').store).not.toBeNull();
  });

  test.each(algorithms)('a signature of %s with %s over %s, and so do OpenSSL and we', async (...parts) => {
    const name = parts.join('-');
    expectSound(name, 1);
    const anchors = await loadAnchors([pki.rootPem], 'signature');
    const own = await shop.verify(path(name), { anchors });
    expect(own.signatures).toMatchObject([{ integrity: true, coverage: 'whole-file', digest: parts[2] }]);
    expect(oracles.opensslCms(path(name))).toBe(1);
    expect(oracles.qpdfProblems(path(name))).toBe('');
  });

  test.each(['scan', 'copy', 'annex', 'leader', 'seal', 'stamp'])('the look %s', (name) => {
    expectSound(`look-${name}`, 1);
    expect(shopOracles.opensslCms(path(`look-${name}`))).toBe(1);
  });

  test('three signers one after another', () => {
    for (const number of [1, 2, 3]) expectSound(`signers-${number}`, number);
    expect(oracles.opensslCms(path('signers-3'))).toBe(3);
  });

  test.each(['aes-256', 'aes-128', 'rc4-128'])('an encrypted file, %s, at B-LTA', (name) => {
    expectSound(`encrypted-${name}`, 2);
  });
});

test('the second reader can say no', async () => {
  const good = await readFile(path('level-B-T'));
  const changed = Buffer.from(good);
  changed.write('So: 13', changed.indexOf('So: 12'));
  const cut = good.subarray(0, good.length - 40);
  const files = [await shop.write('changed.pdf', changed), await shop.write('cut.pdf', cut)];
  const [touched, broken] = pdfOpinions(files);
  expect(touched?.signatures[0]?.valid === true && touched.signatures[0].error === undefined).toBe(false);
  expect(broken?.error).toBeDefined();
  expect(withPdf(path('level-B-T'), ({ sections }) => sections.length)).toBe(2);
});
