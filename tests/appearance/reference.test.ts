import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import type { SignatureAppearance } from '../../core/signing/appearance/look-schema.ts';
import { fillNumberFields } from '../../core/signing/number-fields/fill-number-fields.ts';
import { prepareNumberFields } from '../../core/signing/number-fields/prepare-number-fields.ts';
import { placeLook } from '../../core/signing/placement/place-look.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { renderPage } from '../../native/ocr/read-page.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { writeBlank, writeLetter } from './letter.ts';
import { handwritingPng } from './pictures.ts';
import { readTextLayer } from './text-layer-reader.ts';

/**
 * Every look on a whole page, drawn by poppler and compared with a picture that a person has looked at. After a wanted change:
 * `AN_THU_NEW_LOOKS=1 npx vitest run tests/appearance/reference.test.ts`, look at each file of tests/fixtures/looks, commit.
 */
const stored = join(import.meta.dirname, '../fixtures/looks');
const renew = process.env['AN_THU_NEW_LOOKS'] === '1';

const DPI = 72;
/** A pixel differs when a colour is this far off (of 255): more than another version of poppler makes of an edge. */
const FAR = 60;
/** Part of the page's pixels that may differ: a block of text moved by a millimetre is more. */
const TOLERANCE = 0.001;

const signingTime = '2026-11-20T15:04:05+07:00';
const agencyName = 'Ủy ban nhân dân xã Hòa Thịnh';

let dir: string;
let key: SigningKey;
const path = (name: string): string => join(dir, `${name}.pdf`);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-reference-'));
  key = makeTestPki(dir).key('P-256');
  await writeFile(join(dir, 'hand.png'), await handwritingPng());
  await writeFile(join(dir, 'seal.png'), await plainSealPng());
  await writeLetter(path('letter'), { titles: ['GIÁM ĐỐC'] });
  await writeBlank(path('turned'), { rotate: 90, crop: [30, 60, 500, 700] });
  await sign('letter', 'leader', { kind: 'leader', imagePath: join(dir, 'hand.png') });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A seal without letters: those of the machine's fonts would make the picture another one elsewhere. */
function plainSealPng(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800"><g fill="none" stroke="#d2141e">
    <circle cx="400" cy="400" r="352" stroke-width="16"/><circle cx="400" cy="400" r="330" stroke-width="5"/>
    <circle cx="400" cy="400" r="250" stroke-width="7"/></g>
    <polygon points="400,250 442,352 542,354 464,420 490,522 400,464 310,522 336,420 258,354 358,352" fill="#d2141e"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

async function sign(input: string, output: string, appearance: SignatureAppearance): Promise<void> {
  const placed = await placeLook({
    pdfPath: path(input),
    appearance,
    signingTime: new Date(signingTime),
    pages: { readPage: readTextLayer, renderPage },
  });
  const common = { key, level: 'B-B', signingTime } as const;
  await signPdf({
    ...common,
    inputPath: path(input),
    outputPath: path(output),
    appearance: placed.appearance,
  });
}

async function picture(name: string): Promise<{ data: Buffer; width: number; height: number }> {
  const stem = join(dir, name);
  execFileSync('pdftoppm', ['-r', String(DPI), '-cropbox', '-singlefile', '-png', path(name), stem]);
  return pixels(`${stem}.png`);
}

async function pixels(file: string): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Share of pixels that are not as stored; 1 for a picture of another size. */
async function difference(name: string): Promise<number> {
  const file = join(stored, `${name}.png`);
  const drawn = await picture(name);
  if (renew)
    await sharp(join(dir, `${name}.png`))
      .png({ palette: true, colours: 64 })
      .toFile(file);
  if (!existsSync(file)) throw new Error(`no stored picture ${name}.png`);
  const wanted = await pixels(file);
  if (wanted.width !== drawn.width || wanted.height !== drawn.height) return 1;
  let differing = 0;
  for (let at = 0; at < drawn.data.length; at += 3) {
    const isFar = [0, 1, 2].some(
      (part) => Math.abs((drawn.data[at + part] ?? 0) - (wanted.data[at + part] ?? 0)) > FAR,
    );
    if (isFar) differing++;
  }
  return differing / (drawn.width * drawn.height);
}

const stamp = { agencyName, number: '1287', date: '2026-11-20', forwardTo: 'Phòng Văn hóa - Xã hội' };
const looks: Record<string, [input: string, appearance: () => SignatureAppearance]> = {
  scan: ['letter', () => ({ kind: 'digitized-arrival', agencyName })],
  'copy-sao-y': ['letter', () => ({ kind: 'copy', copyForm: 'sao-y', agencyName })],
  'copy-sao-luc': ['letter', () => ({ kind: 'copy', copyForm: 'sao-luc', agencyName })],
  'copy-trich-sao': ['letter', () => ({ kind: 'copy', copyForm: 'trich-sao', agencyName })],
  annex: ['letter', () => ({ kind: 'annex', number: 'Số: 15/KH-UBND' })],
  'agency-seal': ['leader', () => ({ kind: 'agency-seal', imagePath: join(dir, 'seal.png') })],
  'arrival-stamp': ['letter', () => ({ kind: 'arrival-stamp', stamp })],
  'arrival-stamp-black': ['letter', () => ({ kind: 'arrival-stamp', stamp: { agencyName, ink: 'black' } })],
  'turned-scan': ['turned', () => ({ kind: 'digitized-arrival', agencyName })],
  'turned-stamp': [
    'turned',
    () => ({ kind: 'arrival-stamp', stamp, place: { rect: { x: 20, y: 50, w: 50, h: 35 } } }),
  ],
  'turned-leader': [
    'turned',
    () => ({
      kind: 'leader',
      imagePath: join(dir, 'hand.png'),
      place: { rect: { x: 60, y: 60, w: 50, h: 30 } },
    }),
  ],
};

test('the look of the leader is as it was looked at', async () => {
  expect(await difference('leader')).toBeLessThan(TOLERANCE);
});

test.each(Object.keys(looks))('the look %s is as it was looked at', async (name) => {
  const [input, appearance] = looks[name] ?? ['', () => ({ kind: 'none' as const })];
  await sign(input, name, appearance());
  expect(await difference(name)).toBeLessThan(TOLERANCE);
});

test('number and date as filled in after the leader signed are as they were looked at', async () => {
  const fields = [
    { name: 'So', rect: { x: 50.5, y: 36.2, w: 12, h: 7 }, align: 'center' as const },
    { name: 'Ngay', rect: { x: 137.5, y: 36.2, w: 9, h: 7 }, align: 'center' as const },
    { name: 'Kem theo', rect: { x: 40, y: 44, w: 44, h: 7 }, align: 'center' as const },
  ];
  await prepareNumberFields({ inputPath: path('letter'), outputPath: path('fields'), fields });
  await sign('fields', 'fields-led', { kind: 'leader', imagePath: join(dir, 'hand.png') });
  const values = { So: '128', Ngay: '01', 'Kem theo': 'kèm 12/QĐ-UBND' };
  await fillNumberFields({ inputPath: path('fields-led'), outputPath: path('numbers'), values });
  expect(await difference('numbers')).toBeLessThan(TOLERANCE);
});

test('the comparison sees a block that stands two millimetres off', async () => {
  await sign('letter', 'scan-off', {
    kind: 'digitized-arrival',
    agencyName,
    place: { page: 1, rect: { x: 138, y: 9, w: 60, h: 14 } },
  });
  const [wanted, drawn] = [await pixels(join(stored, 'scan.png')), await picture('scan-off')];
  let differing = 0;
  for (let at = 0; at < drawn.data.length; at += 3)
    if (Math.abs((drawn.data[at] ?? 0) - (wanted.data[at] ?? 0)) > FAR) differing++;
  expect(differing / (drawn.width * drawn.height)).toBeGreaterThan(TOLERANCE);
});
