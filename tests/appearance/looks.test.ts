import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import type { SignatureAppearance } from '../../core/signing/appearance/look-schema.ts';
import type { MmBox } from '../../core/signing/placement/page-geometry.ts';
import { placeLook } from '../../core/signing/placement/place-look.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { renderPage } from '../../native/ocr/read-page.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { makeTestPki, type TestPki } from '../lib/test-keys.ts';
import { drawnPage } from './ink.ts';
import { letterCells, writeBlank, writeLetter } from './letter.ts';
import { handwritingPng, sealPng } from './pictures.ts';
import { readTextLayer } from './text-layer-reader.ts';

const signingTime = '2026-11-20T15:04:05+07:00';
const agencyName = 'Ủy ban nhân dân xã Hòa Thịnh';

let dir: string;
let pki: TestPki;
let oracles: PdfOracles;
let leaderKey: SigningKey;
let agencyKey: SigningKey;
const pages = { readPage: readTextLayer, renderPage };
const path = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-looks-'));
  await mkdir(path('pki'));
  pki = makeTestPki(path('pki'));
  oracles = makeOracles(pki);
  leaderKey = pki.key('P-256', 'leader');
  agencyKey = pki.key('P-256', 'agency');
  await writeFile(path('hand.png'), await handwritingPng());
  await writeFile(path('seal.png'), await sealPng());
});

afterAll(() => rm(dir, { recursive: true, force: true }));

interface Signing {
  readonly key?: SigningKey;
  readonly signerName?: string;
  readonly fieldName?: string;
}

/** Places and signs; returns the codes of all warnings. */
async function sign(
  input: string,
  output: string,
  appearance: SignatureAppearance,
  { key = agencyKey, signerName, fieldName }: Signing = {},
): Promise<string[]> {
  const inputPath = path(input);
  const placed = await placeLook({
    pdfPath: inputPath,
    appearance,
    signingTime: new Date(signingTime),
    pages,
    signerName,
    fieldName,
  });
  const signed = await signPdf({
    inputPath,
    outputPath: path(output),
    key,
    level: 'B-B',
    signingTime,
    appearance: placed.appearance,
    fieldName,
  });
  return [...placed.warnings, ...signed.warnings].map(({ code }) => code);
}

function textOf(name: string): string {
  return execFileSync('pdftotext', ['-layout', path(name), '-'], { encoding: 'utf8' });
}

const right = (box: MmBox | undefined): number => (box ? box.x + box.w : NaN);
const middle = (box: MmBox | undefined): number => (box ? box.x + box.w / 2 : NaN);

describe('an issued letter is signed by the leader and sealed by the agency', () => {
  test('the handwriting is between title and name, the seal over its left third, and both signatures hold', async () => {
    await writeLetter(path('letter.pdf'), { titles: ['GIÁM ĐỐC'] });
    const leader = await sign(
      'letter.pdf',
      'led.pdf',
      { kind: 'leader', imagePath: path('hand.png') },
      {
        key: leaderKey,
        signerName: 'Nguyen Thi Thuy Hang',
      },
    );
    expect(leader).toEqual([]);
    const hand = drawnPage(path('led.pdf')).box('blue');
    expect(Math.abs(middle(hand) - letterCells.axis)).toBeLessThan(1);
    expect(hand?.y).toBeGreaterThan(letterCells.title);
    expect((hand?.y ?? 0) + (hand?.h ?? 0)).toBeLessThan(letterCells.name - 3);
    expect((hand?.w ?? 0) / (hand?.h ?? 1)).toBeCloseTo(2.5, 0);

    const agency = await sign('led.pdf', 'sealed.pdf', { kind: 'agency-seal', imagePath: path('seal.png') });
    expect(agency).toEqual([]);
    const seal = drawnPage(path('sealed.pdf')).box('red');
    expect(seal?.w).toBeCloseTo(36, -0.3);
    expect(seal?.h).toBeCloseTo(36, -0.3);
    const third = ((right(seal) - (hand?.x ?? 0)) / (hand?.w ?? 1)) * 3;
    expect(third).toBeGreaterThan(0.8);
    expect(third).toBeLessThan(1.2);

    expect(oracles.qpdfProblems(path('sealed.pdf'))).toBe('');
    expect(oracles.pdfsig(path('sealed.pdf')).validity).toEqual([
      'Signature is Valid.',
      'Signature is Valid.',
    ]);
    expect(oracles.opensslCms(path('sealed.pdf'))).toBe(2);
    const anchors = await loadAnchors([pki.rootPem], 'signature');
    const report = await verifyPdf(path('sealed.pdf'), {
      anchors,
      tsaAnchors: anchors,
      extraCertificates: [],
      now: new Date(),
    });
    expect(report.signatures.map(({ integrity, later }) => ({ integrity, later }))).toEqual([
      { integrity: true, later: 'permitted' },
      { integrity: true, later: 'none' },
    ]);
  });

  test('a seal that must lie on a title of two lines is drawn, and the warning says so', async () => {
    await writeLetter(path('close.pdf'));
    await sign('close.pdf', 'close-led.pdf', { kind: 'leader', imagePath: path('hand.png') });
    const codes = await sign('close-led.pdf', 'close-sealed.pdf', {
      kind: 'agency-seal',
      imagePath: path('seal.png'),
    });
    expect(codes).toEqual(['signing.covers-ink']);
  });

  test('the signer is found on the last page, not where a sentence names the same person', async () => {
    await writeLetter(path('two.pdf'), { pages: 2 });
    const codes = await sign(
      'two.pdf',
      'two-led.pdf',
      { kind: 'leader', imagePath: path('hand.png') },
      {
        signerName: 'Nguyễn Thị Thuý Hằng',
      },
    );
    expect(codes).toEqual([]);
    expect(drawnPage(path('two-led.pdf'), 1).box('blue')).toBeUndefined();
    expect(drawnPage(path('two-led.pdf'), 2).box('blue')).toBeDefined();
  });

  test('the signer is found before an annex in the same file', async () => {
    await writeLetter(path('annexed.pdf'), { annex: 'follows' });
    const codes = await sign('annexed.pdf', 'annexed-led.pdf', {
      kind: 'leader',
      imagePath: path('hand.png'),
    });
    expect(codes).toEqual([]);
    expect(drawnPage(path('annexed-led.pdf'), 1).box('blue')).toBeDefined();
    expect(drawnPage(path('annexed-led.pdf'), 2).box('blue')).toBeUndefined();
    await sign('annexed-led.pdf', 'annexed-sealed.pdf', { kind: 'agency-seal', imagePath: path('seal.png') });
    expect(drawnPage(path('annexed-sealed.pdf'), 1).box('red')).toBeDefined();
  });

  test('a seal of another size is that size, and sealing before the leader signs is warned of', async () => {
    const codes = await sign('letter.pdf', 'early.pdf', {
      kind: 'agency-seal',
      imagePath: path('seal.png'),
      diameterMm: 30,
    });
    expect(codes).toContain('signing.no-leader-signature');
    expect(drawnPage(path('early.pdf')).box('red')?.w).toBeCloseTo(30, -0.3);
  });

  test('a page without names gets the picture at the usual place, with a warning', async () => {
    await writeBlank(path('blank.pdf'), { rotate: 0 });
    const codes = await sign('blank.pdf', 'blank-led.pdf', { kind: 'leader', imagePath: path('hand.png') });
    expect(codes).toEqual(['signing.place-guessed']);
    expect(middle(drawnPage(path('blank-led.pdf')).box('blue'))).toBeGreaterThan(130);
  });
});

describe('a picture stands where the rectangle says, on the page as displayed', () => {
  test.each([0, 90, 180, 270] as const)('turned by %i° and cropped', async (rotate) => {
    const name = `turned-${rotate}`;
    await writeBlank(path(`${name}.pdf`), { rotate, crop: [30, 60, 500, 700] });
    const rect = { x: 60, y: 90, w: 50, h: 40 };
    await sign(`${name}.pdf`, `${name}-led.pdf`, {
      kind: 'leader',
      imagePath: path('hand.png'),
      place: { page: 1, rect },
    });
    const hand = drawnPage(path(`${name}-led.pdf`)).box('blue');
    expect(hand?.w).toBeCloseTo(50, -0.3);
    expect((hand?.w ?? 0) / (hand?.h ?? 1)).toBeCloseTo(2.5, 0);
    expect(middle(hand)).toBeCloseTo(85, -0.3);
    expect((hand?.y ?? 0) + (hand?.h ?? 0) / 2).toBeCloseTo(110, -0.3);
  });

  test('outside the page or over another field it is refused', async () => {
    const look = (rect: MmBox): SignatureAppearance => ({
      kind: 'leader',
      imagePath: path('hand.png'),
      place: { page: 1, rect },
    });
    await expect(sign('letter.pdf', 'no.pdf', look({ x: 190, y: 100, w: 50, h: 20 }))).rejects.toMatchObject({
      code: 'signing.outside-page',
    });
    const hand = drawnPage(path('led.pdf')).box('blue');
    await expect(sign('led.pdf', 'no.pdf', look(hand!))).rejects.toMatchObject({
      code: 'signing.overlaps-field',
      detail: { field: 'Signature1' },
    });
    await expect(
      sign('letter.pdf', 'no.pdf', { kind: 'leader', imagePath: path('hand.png'), place: { page: 7 } }),
    ).rejects.toMatchObject({ code: 'signing.no-such-page', detail: { page: 7, pages: 1 } });
  });

  test('over text it stays where it was put, and the warning says so', async () => {
    const rect = { x: 60, y: 80, w: 50, h: 25 };
    const codes = await sign('letter.pdf', 'over.pdf', {
      kind: 'leader',
      imagePath: path('hand.png'),
      place: { page: 1, rect },
    });
    expect(codes).toEqual(['signing.covers-ink']);
  });
});

describe('a look signed into an empty field fills its rectangle and no more', () => {
  // On the page turned by 90° the field is 60 × 30 mm as displayed, 40 mm from the left and 50 mm from the top.
  const mm = 72 / 25.4;
  const sides = [50 * mm, 40 * mm, 80 * mm, 100 * mm].map((value) => value.toFixed(3)).join(' ');

  test.each([
    { kind: 'leader', colour: 'blue', w: 50 },
    { kind: 'agency-seal', colour: 'red', w: 30 },
  ] as const)('$kind', async ({ kind, colour, w }) => {
    await writeFile(
      path('field.pdf'),
      rawPdf({
        objects: [
          ...onePageObjects({
            catalog: '/AcroForm << /Fields [4 0 R] /SigFlags 3 >>',
            page: '/Rotate 90 /Annots [4 0 R]',
          }),
          `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Ky) /F 4 /P 3 0 R /Rect [${sides}] >>`,
        ],
      }),
    );
    const imagePath = path(kind === 'leader' ? 'hand.png' : 'seal.png');
    const output = `field-${kind}.pdf`;
    const codes = await sign('field.pdf', output, { kind, imagePath }, { fieldName: 'Ky' });
    expect(codes).toEqual([]);
    const box = drawnPage(path(output)).box(colour);
    expect(box?.w).toBeCloseTo(w, -0.3);
    expect(middle(box)).toBeCloseTo(70, -0.3);
    expect((box?.y ?? 0) + (box?.h ?? 0) / 2).toBeCloseTo(65, -0.3);
    expect(oracles.pdfsig(path(output)).validity).toEqual(['Signature is Valid.']);
  });
});

describe('text looks at the top right of the first page', () => {
  test('a copy says its form, the agency and the time', async () => {
    const codes = await sign('letter.pdf', 'copy.pdf', { kind: 'copy', copyForm: 'trich-sao', agencyName });
    expect(codes).toEqual([]);
    expect(textOf('copy.pdf')).toMatch(
      /TRÍCH SAO;\s+Ủy ban nhân dân xã Hòa Thịnh;\s+20\/11\/2026; 15:04:05 \+07:00/,
    );
    const page = drawnPage(path('copy.pdf'));
    const block = page.box('black');
    expect(block?.y).toBeCloseTo(7, -0.3);
    expect(right(block)).toBeCloseTo(200, -0.3);
    expect(page.share('red', { x: 0, y: 0, w: 210, h: 297 })).toBe(0);
  });

  test('an annex in its own file says the number of its document and the time', async () => {
    await sign('letter.pdf', 'annex.pdf', { kind: 'annex', number: 'Số: 15/KH-UBND' });
    expect(textOf('annex.pdf')).toMatch(/Số: 15\/KH-UBND;\s+20\/11\/2026; 15:04:05 \+07:00/);
    await sign('letter.pdf', 'annex-iso.pdf', { kind: 'annex', number: '15/KH-UBND', time: 'iso-8601' });
    expect(textOf('annex-iso.pdf')).toContain('2026-11-20T15:04:05+07:00');
  });

  test('a second block, and one on print at the corner, is shifted and says so', async () => {
    const codes = await sign('copy.pdf', 'copy-annex.pdf', { kind: 'annex', number: '15/KH-UBND' });
    expect(codes).toEqual(['signing.place-shifted']);
    expect(oracles.pdfsig(path('copy-annex.pdf')).validity).toHaveLength(2);
    expect(textOf('copy-annex.pdf')).toMatch(/15\/KH-UBND;\s+TRÍCH SAO|TRÍCH SAO[\s\S]*15\/KH-UBND/);
  });

  test('their fonts are embedded subsets that name their glyphs, and no other font comes with them', async () => {
    const before = (await readFile(path('letter.pdf'))).length;
    const added = (await readFile(path('copy.pdf'))).subarray(before).toString('latin1');
    const names = [...added.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^[A-Z]{6}\+Tinos-Regular$/);
    for (const key of ['/FontFile2', '/CIDSet', '/ToUnicode', '/CIDToGIDMap'])
      expect(added.split(key)).toHaveLength(2);
  });
});

describe('the stamp ĐẾN', () => {
  const stamp = { agencyName, number: '1287', forwardTo: 'Phòng Văn hóa - Xã hội' };

  test.each([0, 90, 180, 270] as const)(
    'is 50 × 35 mm, red and upright on a page turned by %i°',
    async (rotate) => {
      const name = `stamped-${rotate}`;
      await writeBlank(path(`${name}.pdf`), { rotate, crop: [30, 60, 500, 700] });
      const rect = { x: 20, y: 50, w: 50, h: 35 };
      await sign(`${name}.pdf`, `${name}-signed.pdf`, { kind: 'arrival-stamp', stamp, place: { rect } });
      const page = drawnPage(path(`${name}-signed.pdf`));
      const box = page.box('red');
      for (const side of ['x', 'y', 'w', 'h'] as const) expect(box?.[side]).toBeCloseTo(rect[side], -0.3);
      const text = textOf(`${name}-signed.pdf`);
      for (const words of [
        'ỦY BAN NHÂN DÂN',
        'ĐẾN',
        'Số: 1287',
        'Ngày: 20/11/2026',
        'Chuyển: Phòng Văn hóa',
        'Số và ký hiệu HS: ...',
      ])
        expect(text).toContain(words);
      expect(text).toContain(`${agencyName};`);
      expect(oracles.pdfsig(path(`${name}-signed.pdf`)).validity).toEqual(['Signature is Valid.']);
      expect(oracles.qpdfProblems(path(`${name}-signed.pdf`))).toBe('');
    },
  );

  test('looks for blank space and leaves every letter readable', async () => {
    const before = drawnPage(path('letter.pdf'));
    const codes = await sign('letter.pdf', 'letter-stamped.pdf', { kind: 'arrival-stamp', stamp });
    const box = drawnPage(path('letter-stamped.pdf')).box('red');
    expect(codes).toEqual(['signing.place-shifted']);
    expect(box).toBeDefined();
    expect(before.share('black', box!)).toBe(0);
  });

  test('is refused on a document that bears a signature', async () => {
    await expect(sign('led.pdf', 'no.pdf', { kind: 'arrival-stamp', stamp })).rejects.toMatchObject({
      code: 'signing.stamp-on-signed',
    });
  });
});
