import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { makeSamplePdfs, type SamplePdfs } from '../lib/sample-pdfs.ts';
import { makeTestPki } from '../lib/test-keys.ts';

let dir: string;
let samples: SamplePdfs;
let rsa: SigningKey;
let ec: SigningKey;
let oracles: PdfOracles;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-sign-'));
  const pki = makeTestPki(dir);
  rsa = pki.key('rsa-2048');
  ec = pki.key('P-256');
  oracles = makeOracles(pki);
  samples = await makeSamplePdfs(dir);
}, 60_000);

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
      expect(first).toMatchObject({ level: 'B-B', pending: [], fieldName: 'Signature1', warnings: [] });
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
    },
    20_000,
  );
});
