import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { SignatureAppearance } from '../../core/signing/appearance/look-schema.ts';
import { placeLook } from '../../core/signing/placement/place-look.ts';
import type { ResolvedPlacement } from '../../core/signing/placement/resolve-placement.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import { letterCells, writeLetter } from './letter.ts';
import { handwritingPng } from './pictures.ts';

/** Looks on a file that opens only with a password, through the real reading program. */
const reader = createPageReader({ spawner: createNodeSpawner() });
let dir: string;
const path = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-encrypted-place-'));
  await writeLetter(path('letter.pdf'));
  await writeFile(path('hand.png'), await handwritingPng());
});

afterAll(async () => {
  reader.stop();
  await rm(dir, { recursive: true, force: true });
});

describe.each([
  ['AES-256, letters beyond Latin', ['256'], 'Mật khẩu 1'],
  ['RC4-128, a byte a letter', ['128', '--use-aes=n'], 'Khóa 1'],
] as const)('a file that opens with a password (%s)', (name, options, password) => {
  const place = (appearance: SignatureAppearance, given = password as string): Promise<ResolvedPlacement> =>
    placeLook({
      pdfPath: path(`${name}.pdf`),
      appearance,
      signingTime: new Date('2026-11-20T08:04:05Z'),
      pages: reader,
      signerName: 'Nguyen Thi Thuy Hang',
      password: given,
    });

  beforeAll(() => {
    const args = ['--allow-weak-crypto', '--encrypt', password, 'Chu tep 2', ...options, '--'];
    execFileSync('qpdf', [...args, path('letter.pdf'), path(`${name}.pdf`)]);
  });

  test('is looked at where the block would cover print', async () => {
    const agencyName = 'Ủy ban nhân dân xã Hòa Thịnh';
    const rect = { x: 100, y: 15, w: 95, h: 20 };
    const onPrint = await place({ kind: 'digitized-arrival', agencyName, place: { rect } });
    expect(onPrint.warnings.map(({ code }) => code)).toEqual(['signing.covers-ink']);
  });

  test('is read to find where its signer stands', async () => {
    const { appearance, warnings } = await place({ kind: 'leader', imagePath: path('hand.png') });
    expect(warnings).toEqual([]);
    const rect = appearance.kind === 'leader' ? appearance.place?.rect : undefined;
    expect(Math.abs((rect?.x ?? 0) + (rect?.w ?? 0) / 2 - letterCells.axis)).toBeLessThan(1);
    expect(rect?.y).toBeGreaterThan(letterCells.title);
  });

  test('is refused with a wrong one', async () => {
    await expect(place({ kind: 'leader', imagePath: path('hand.png') }, 'sai')).rejects.toMatchObject({
      code: 'pdf.password-wrong',
    });
    const request = { pdfPath: path(`${name}.pdf`), page: 0, dpi: 20 };
    await expect(reader.renderPage({ ...request, password: 'sai' })).rejects.toMatchObject({
      code: 'reading.encrypted-pdf',
    });
    await expect(reader.renderPage(request)).rejects.toMatchObject({ code: 'reading.encrypted-pdf' });
  });
});
