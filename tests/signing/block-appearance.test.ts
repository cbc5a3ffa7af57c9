import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { letterPdf } from '../lib/sample-pdfs.ts';
import { makeTestPki } from '../lib/test-keys.ts';

let dir: string;
let key: SigningKey;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-look-'));
  key = makeTestPki(dir).key('P-256');
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe('the block stands at the top right of the page as displayed', () => {
  test.each([0, 90, 180, 270] as const)('on a page turned by %i°', async (rotate) => {
    const inputPath = join(dir, `turned-${rotate}.pdf`);
    const outputPath = join(dir, `turned-${rotate}-signed.pdf`);
    const crop = [30, 60, 500, 700] as const;
    await writeFile(inputPath, await letterPdf({ rotate, pages: 1, objectStreams: true, crop }));
    await signPdf({
      inputPath,
      outputPath,
      key,
      level: 'B-B',
      signingTime: '2026-11-20T15:04:05+07:00',
      appearance: { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân xã Thử Nghiệm' },
    });
    const text = execFileSync('pdftotext', [outputPath, '-'], { encoding: 'utf8' });
    expect(text).toContain('Ủy ban nhân dân xã Thử Nghiệm;');
    expect(text).toContain('20/11/2026; 15:04:05 +07:00');
    const ink = await inkBox(inputPath, outputPath);
    const width = rotate % 180 === 0 ? 500 : 700;
    const mm = 72 / 25.4;
    expect(ink.right).toBeCloseTo(width - 10 * mm, -0.5);
    expect(ink.right - ink.left).toBeGreaterThan(90);
    expect(ink.right - ink.left).toBeLessThanOrEqual(171);
    expect(ink.top).toBeGreaterThanOrEqual(6 * mm - 1);
    expect(ink.bottom).toBeLessThan(6 * mm + 3 * 12 + 1);
    expect(ink.bottom - ink.top).toBeGreaterThan(15);
  });
});

/** Where the signed page differs from the unsigned one when rendered, in points from the top left. */
async function inkBox(
  before: string,
  after: string,
): Promise<{ left: number; top: number; right: number; bottom: number }> {
  const [a, b] = await Promise.all([before, after].map((path) => renderGray(path)));
  if (!a || !b) throw new Error('not rendered');
  const box = { left: Infinity, top: Infinity, right: -1, bottom: -1 };
  for (let y = 0; y < b.height; y++) {
    for (let x = 0; x < b.width; x++) {
      if (Math.abs((a.data[y * a.width + x] ?? 0) - (b.data[y * b.width + x] ?? 0)) < 64) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return box;
}

/** The first page at 72 dpi: one pixel a point. */
async function renderGray(path: string): Promise<{ width: number; height: number; data: Buffer }> {
  const stem = `${path}.page`;
  execFileSync('pdftoppm', ['-r', '72', '-gray', '-cropbox', '-singlefile', '-f', '1', path, stem]);
  const file = await readFile(`${stem}.pgm`);
  const [, width = '', height = ''] =
    /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 40).toString('latin1')) ?? [];
  return {
    width: Number(width),
    height: Number(height),
    data: file.subarray(file.length - Number(width) * Number(height)),
  };
}
