import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withPdf } from '../../core/pdf/document.ts';
import { declaredPageCount } from '../../core/pdf/pages.ts';
import { proposePlacement } from '../../core/signing/placement/propose-placement.ts';
import { resolvePlacement } from '../../core/signing/placement/resolve-placement.ts';
import { foldVietnamese } from '../../core/shared/fold.ts';
import { readPage, renderPage } from '../../native/ocr/read-page.ts';
import { Recogniser } from '../../native/ocr/recogniser.ts';
import { makeUrgentScan, type SampleFile } from '../../scripts/samples/index.ts';

let dir: string;
let scan: SampleFile;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-scan-place-'));
  scan = await makeUrgentScan(dir, { seed: 11, today: '2026-11-20', shape: { form: 'pdf', dpi: 200 } });
});

afterAll(() => rm(dir, { recursive: true, force: true }));

test('a signer read by OCR, without marks in the register, is found on a scan that lies askew', async () => {
  const page = withPdf(scan.path, declaredPageCount) - 1;
  const text = await readPage(new Recogniser(), { pdfPath: scan.path, page, fraction: 1 });
  const proposal = proposePlacement({
    pdfPath: scan.path,
    pageTexts: [text],
    signerName: foldVietnamese(scan.truth.signerName),
    look: 'agency-seal',
  });
  expect(text.source).toBe('ocr');
  expect(proposal.reasons).toContain('title-above-name');
  expect(proposal.confidence).toBeGreaterThan(0.8);
  expect(proposal.warnings).toEqual([]);
  const { leaderBox, box, sealBox } = proposal;
  expect(Math.abs(leaderBox.x + leaderBox.w / 2 - 152)).toBeLessThan(5);
  expect(leaderBox.h).toBeGreaterThan(20);
  expect(box).toEqual(sealBox);
});

test('the blank top margin of a scan takes the block where the decree draws it', async () => {
  const { appearance, warnings } = await resolvePlacement({
    pdfPath: scan.path,
    appearance: { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân xã Hòa Thịnh' },
    signingTime: new Date('2026-11-20T08:00:00Z'),
    renderer: { renderPage },
  });
  expect(warnings).toEqual([]);
  expect(appearance).toMatchObject({ place: { page: 1, ink: 'checked', rect: { y: 6 } } });
});
