import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { raiseFinished } from '../../core/engine/cli/raise-finished.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import type { SigningTrust } from '../../core/signing/validation-data.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { type DemoOcsp, type DemoService, startDemoOcsp, startDemoTsa } from '../../scripts/pki/index.ts';
import { makeSamplePdfs, type SamplePdfs } from '../lib/sample-pdfs.ts';
import { Volume } from '../lib/volume.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
let samples: SamplePdfs;
let trust: SigningTrust;
let services: { readonly tsa: DemoService; readonly ocsp: DemoOcsp };
let volume: Volume;

beforeAll(async () => {
  shop = await openWorkshop();
  samples = await makeSamplePdfs(shop.dir);
  trust = { anchors: await loadAnchors([shop.pki.rootPath], 'signature') };
  services = { tsa: await startDemoTsa(shop.pki), ocsp: await startDemoOcsp(shop.pki) };
});
afterAll(async () => {
  await services.tsa.close();
  await services.ocsp.close();
  await shop.close();
});
beforeEach(() => (volume = new Volume(shop.path('volume'), 1)));
afterEach(() => volume.unmount());

/** A token whose work is done just when the last byte of the disk is taken. */
function lastKey(): SigningKey {
  const key = shop.key();
  return {
    ...key,
    sign: async (request) => {
      const signature = await key.sign(request);
      volume.fill();
      return signature;
    },
  };
}

const sign = (level: 'B-LT' | 'B-LTA', key: SigningKey) =>
  signPdf({
    inputPath: samples.table,
    outputPath: join(volume.path, 'ra.pdf'),
    key,
    level,
    tsa: { url: services.tsa.url },
    trust,
    signingTime: new Date().toISOString(),
  });

describe('a disk that fills while a signature is raised', () => {
  test('costs the level, never the signature that the token has made', async () => {
    const signed = await sign('B-LTA', lastKey());
    expect(signed).toMatchObject({
      level: 'B-T',
      requestedLevel: 'B-LTA',
      pending: ['timestamp', 'revocation'],
      timestampError: { code: 'signing.write-failed' },
    });
    const report = await shop.verify(signed.outputPath);
    expect(report).toMatchObject({ verdict: 'valid', sha256: signed.sha256 });
    expect(report.signatures).toMatchObject([{ level: 'B-T', coverage: 'whole-file' }]);
    expect(readFileSync(signed.outputPath)).toHaveLength(signed.bytes);
    expect(readdirSync(volume.path).toSorted()).toEqual(['ballast', 'ra.pdf']);
  });

  test('leaves the output of an earlier run as it is', async () => {
    const outputPath = join(volume.path, 'ra.pdf');
    const signed = await sign('B-LT', shop.key());
    const before = readFileSync(signed.outputPath);
    volume.fill();
    const { sha256, bytes } = signed;
    const finished = { outputPath, sha256, bytes, level: 'B-LT', pending: ['timestamp'] } as const;
    const raised = await raiseFinished(finished, { level: 'B-LTA', tsa: { url: services.tsa.url }, trust });
    expect(raised).toEqual({
      ...finished,
      timestampError: expect.objectContaining({ code: 'signing.write-failed' }) as object,
    });
    expect(readFileSync(outputPath).equals(before)).toBe(true);
    expect(readdirSync(volume.path).toSorted()).toEqual(['ballast', 'ra.pdf']);
  });
});
