import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withPdf } from '../../core/pdf/document.ts';
import { listRevisions } from '../../core/pdf/revisions.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import { extendPdf, type ExtendPdfOptions } from '../../core/signing/extend-pdf.ts';
import { readSecurityStore } from '../../core/signing/security-store.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import type { SigningTrust } from '../../core/signing/validation-data.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import {
  issueCertificate,
  startDemoOcsp,
  startDemoTsa,
  type DemoOcsp,
  type DemoService,
} from '../../scripts/pki/index.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { makeSamplePdfs, type SamplePdfs } from '../lib/sample-pdfs.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
let samples: SamplePdfs;
let oracles: PdfOracles;
let trust: SigningTrust;
let tsa: DemoService;
let ocsp: DemoOcsp | undefined;

beforeAll(async () => {
  shop = await openWorkshop();
  samples = await makeSamplePdfs(shop.dir);
  const { rootPath: rootPem, issuingPath: issuingPem } = shop.pki;
  oracles = makeOracles({ dir: shop.dir, rootPem, issuingPem }, { pdfsigOcsp: 'off' });
  trust = { anchors: await loadAnchors([rootPem], 'signature') };
  tsa = await startDemoTsa(shop.pki);
});

afterAll(async () => {
  await tsa.close();
  await shop.close();
});

beforeEach(async () => void (ocsp = await startDemoOcsp(shop.pki)));
afterEach(async () => {
  await ocsp?.close();
  ocsp = undefined;
});

let made = 0;
const fresh = (): string => shop.path(`out-${++made}.pdf`);

const sign = (options: Partial<SignPdfOptions> = {}) =>
  signPdf({
    inputPath: samples.table,
    outputPath: fresh(),
    key: shop.key(),
    level: 'B-LTA',
    tsa: { url: tsa.url },
    trust,
    signingTime: new Date().toISOString(),
    ...options,
  });

const extend = (inputPath: string, options: Partial<ExtendPdfOptions> = {}) =>
  extendPdf({
    inputPath,
    outputPath: fresh(),
    level: 'B-LTA',
    tsa: { url: tsa.url },
    trust,
    ...options,
  });

const nobody = { url: 'http://127.0.0.1:1/', deadlineMs: 2000 };

interface Expected {
  readonly signatures: number;
  readonly timestamps: number;
}

/** Foreign programs accept every signature and timestamp, and the file begins with the input. */
async function expectSound(
  input: string,
  output: string,
  { signatures, timestamps }: Expected,
): Promise<void> {
  const [before, after] = await Promise.all([readFile(input), readFile(output)]);
  expect(after.subarray(0, before.length).equals(before)).toBe(true);
  expect(oracles.opensslCms(output)).toBe(signatures);
  expect(oracles.opensslTs(output)).toBe(timestamps);
  expect(oracles.qpdfProblems(output)).toBe('');
  const valid = oracles.pdfsig(output).validity.filter((line) => line === 'Signature is Valid.');
  expect(valid).toHaveLength(signatures);
}

/** How many `%%EOF` the output has more than the input, and whether it ends where its last range ends. */
async function ends(input: string, output: string): Promise<{ updates: number; atRange: boolean }> {
  const count = async (path: string): Promise<number> =>
    (await readFile(path)).toString('latin1').split('%%EOF').length;
  const { size } = await readFile(output).then((bytes) => ({ size: bytes.length }));
  const last = withPdf(output, readSignatureFields)
    .map(({ signature }) => (signature?.byteRange?.[2] ?? 0) + (signature?.byteRange?.[3] ?? 0))
    .sort((a, b) => b - a)[0];
  return { updates: (await count(output)) - (await count(input)), atRange: last === size };
}

const levels = async (path: string) => (await shop.verify(path)).signatures.map(({ level }) => level);

describe('signing', () => {
  test.each(['table', 'stream', 'linearized', 'formStream'] as const)(
    'B-LTA on a file with %s: signature, then data and document timestamp in one update',
    async (kind) => {
      const input = samples[kind];
      const signed = await sign({ inputPath: input });
      expect(signed).toMatchObject({ level: 'B-LTA', pending: [] });
      await expectSound(input, signed.outputPath, { signatures: 1, timestamps: 1 });
      expect(await ends(input, signed.outputPath)).toEqual({ updates: 2, atRange: true });
      const store = withPdf(signed.outputPath, readSecurityStore);
      // signer, TSA, issuing authority, root and OCSP delegate; answers about signer, TSA and issuing authority
      expect(store.certificates).toHaveLength(5);
      expect(store.ocsps).toHaveLength(3);
      const report = await shop.verify(signed.outputPath);
      expect(report.verdict).toBe('valid');
      expect(report.signatures[0]).toMatchObject({
        level: 'B-LTA',
        indication: 'TOTAL_PASSED',
        revocation: 'good',
        revocationSource: 'embedded',
        later: 'permitted',
      });
    },
  );

  test('B-LT puts the data into the signature’s own update, so the file ends with it', async () => {
    const signed = await sign({ level: 'B-LT' });
    expect(signed).toMatchObject({ level: 'B-LT', pending: [] });
    await expectSound(samples.table, signed.outputPath, { signatures: 1, timestamps: 0 });
    expect(await ends(samples.table, signed.outputPath)).toEqual({ updates: 1, atRange: true });
    expect(await levels(signed.outputPath)).toEqual(['B-LT']);
  });

  test('a list of revoked certificates stands in where no OCSP responder answers', async () => {
    await ocsp?.close();
    ocsp = await startDemoOcsp(shop.pki, { refuse: 'ocsp' });
    const signed = await sign();
    expect(signed).toMatchObject({ level: 'B-LTA', pending: [] });
    const store = withPdf(signed.outputPath, readSecurityStore);
    expect(store.ocsps).toHaveLength(0);
    expect(store.crls).toHaveLength(2);
    expect(await levels(signed.outputPath)).toEqual(['B-LTA', expect.any(String)]);
  });

  test('a TSA that is away costs levels, the signature stands', async () => {
    const signed = await sign({ tsa: nobody });
    expect(signed).toMatchObject({
      level: 'B-B',
      pending: ['timestamp'],
      timestampError: { code: 'signing.tsa-unavailable' },
    });
    await expectSound(samples.table, signed.outputPath, { signatures: 1, timestamps: 0 });
  });

  test('a TSA that never answers is waited for once, not for each thing it is needed for', async () => {
    const connections: unknown[] = [];
    const silent = createServer((socket) => connections.push(socket.on('error', () => {}))).listen(
      0,
      '127.0.0.1',
    );
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const signed = await sign({ level: 'B-LT', tsa: { url: `http://127.0.0.1:${port}/`, deadlineMs: 300 } });
    silent.close();
    expect(signed).toMatchObject({ level: 'B-B', pending: ['timestamp'] });
    expect(connections).toHaveLength(1);
  });

  test('a responder that is away costs levels, the timestamp stands', async () => {
    await ocsp?.close();
    ocsp = undefined;
    for (const level of ['B-LT', 'B-LTA'] as const) {
      const signed = await sign({ level });
      expect(signed).toMatchObject({
        level: 'B-T',
        pending: ['revocation'],
        revocationError: { code: 'signing.revocation-unavailable' },
      });
      await expectSound(samples.table, signed.outputPath, { signatures: 1, timestamps: 0 });
      expect(await ends(samples.table, signed.outputPath)).toEqual({ updates: 1, atRange: true });
    }
  });

  test('a revoked certificate is refused before the key is asked', async () => {
    const key = shop.key();
    ocsp?.setStatus(parseCertificate(key.certificate).serial, {
      kind: 'revoked',
      at: new Date(Date.now() - 60_000),
    });
    const asked = { ...key, sign: () => Promise.reject(new Error('the key was asked')) };
    await expect(sign({ key: asked })).rejects.toMatchObject({ code: 'signing.certificate-revoked' });
  });
});

describe('extending later', () => {
  test('B-B to B-T to B-LT to B-LTA to a renewal, each on top of the one before', async () => {
    let path = (await sign({ level: 'B-B' })).outputPath;
    const steps = [
      ['B-T', 'B-T', 1],
      ['B-LT', 'B-LT', 1],
      ['B-LTA', 'B-LTA', 2],
      ['B-LTA', 'B-LTA', 3],
    ] as const;
    for (const [level, reached, timestamps] of steps) {
      const extended = await extend(path, { level });
      expect(extended).toMatchObject({
        level: reached,
        pending: [],
        prefixBytes: (await readFile(path)).length,
      });
      await expectSound(path, extended.outputPath, { signatures: 1, timestamps });
      expect((await ends(path, extended.outputPath)).updates).toBe(1);
      const report = await shop.verify(extended.outputPath);
      expect(report.verdict).toBe('valid');
      expect(report.signatures[0]).toMatchObject({ level: reached, indication: 'TOTAL_PASSED' });
      path = extended.outputPath;
    }
    expect(withPdf(path, listRevisions)).toHaveLength(6);
  });

  test('B-B straight to B-LTA is one update that ends with its timestamp', async () => {
    const { outputPath } = await sign({ level: 'B-B', inputPath: samples.stream });
    const extended = await extend(outputPath);
    expect(extended).toMatchObject({ level: 'B-LTA', pending: [] });
    await expectSound(outputPath, extended.outputPath, { signatures: 1, timestamps: 1 });
    expect(await ends(outputPath, extended.outputPath)).toEqual({ updates: 1, atRange: true });
    expect((await levels(extended.outputPath))[0]).toBe('B-LTA');
  });

  test('what is there already is not stored twice', async () => {
    const signed = await sign();
    const before = withPdf(signed.outputPath, readSecurityStore);
    const renewed = await extend(signed.outputPath);
    const after = withPdf(renewed.outputPath, readSecurityStore);
    expect(after.certificates).toHaveLength(before.certificates.length);
    expect(after.ocsps).toHaveLength(before.ocsps.length);
  });

  test('two signers, one extension', async () => {
    const first = await sign({ level: 'B-T' });
    const second = await sign({ inputPath: first.outputPath, level: 'B-B' });
    const extended = await extend(second.outputPath);
    await expectSound(second.outputPath, extended.outputPath, { signatures: 2, timestamps: 1 });
    expect(await levels(extended.outputPath)).toEqual(['B-LTA', 'B-LTA', expect.any(String)]);
  });

  test('without services the file stays as it is, and says what is missing', async () => {
    const { outputPath } = await sign({ level: 'B-B' });
    const untimed = await extend(outputPath, { tsa: nobody });
    expect(untimed).toMatchObject({ level: 'B-B', pending: ['timestamp'] });
    expect(await readFile(untimed.outputPath)).toEqual(await readFile(outputPath));
    await ocsp?.close();
    ocsp = undefined;
    const timed = await extend(outputPath);
    expect(timed).toMatchObject({ level: 'B-T', pending: ['revocation'] });
    await expectSound(outputPath, timed.outputPath, { signatures: 1, timestamps: 1 });
  });

  test('an unsigned file has nothing to extend', async () => {
    await expect(extend(samples.table)).rejects.toMatchObject({ code: 'signing.nothing-to-extend' });
  });

  test('a file certified against every change may still get its validation data and timestamp', async () => {
    const { outputPath } = await sign({ level: 'B-T', certify: 1 });
    const extended = await extend(outputPath);
    await expectSound(outputPath, extended.outputPath, { signatures: 1, timestamps: 1 });
    const report = await shop.verify(extended.outputPath);
    expect(report.verdict).toBe('valid');
    expect(report.signatures[0]?.level).toBe('B-LTA');
  });
});

describe('after the signer’s certificate has ended', () => {
  const later = new Date(Date.now() + 3 * 3600_000);

  test('B-LTA is still proved, B-B is not', async () => {
    const identity = await issueCertificate(shop.pki, {
      subject: [['CN', 'Ủy ban nhân dân xã Ngắn Hạn (mẫu)']],
      notBefore: new Date(Date.now() - 3600_000),
      notAfter: new Date(Date.now() + 3600_000),
    });
    const key = shop.key(identity);
    const kept = await sign({ key });
    const report = await shop.verify(kept.outputPath, { now: later });
    expect(report.signatures[0]).toMatchObject({ level: 'B-LTA', indication: 'TOTAL_PASSED' });
    const lost = await shop.verify((await sign({ key, level: 'B-B' })).outputPath, { now: later });
    expect(lost.signatures[0]).toMatchObject({ subIndication: 'OUT_OF_BOUNDS_NO_POE' });
  });

  test('a renewal rests on what the file holds and asks nothing about the signer again', async () => {
    const signed = await sign();
    ocsp?.setStatus(parseCertificate(shop.key().certificate).serial, { kind: 'unknown' });
    const renewed = await extend(signed.outputPath);
    expect(renewed).toMatchObject({ level: 'B-LTA', pending: [] });
  });
});
