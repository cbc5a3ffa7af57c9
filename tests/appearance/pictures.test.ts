import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readInkPicture } from '../../core/signing/appearance/ink-picture.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { makeOracles, type PdfOracles } from '../lib/pdf-oracles.ts';
import { makeTestPki } from '../lib/test-keys.ts';
import { drawnPage } from './ink.ts';
import { handwritingPng, sealPng } from './pictures.ts';

let dir: string;
let key: SigningKey;
let oracles: PdfOracles;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-pictures-'));
  await mkdir(join(dir, 'pki'));
  const pki = makeTestPki(join(dir, 'pki'));
  key = pki.key('P-256');
  oracles = makeOracles(pki);
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, bytes);
  return path;
}

const codesOf = (warnings: readonly { code: string }[]): string[] => warnings.map(({ code }) => code);

describe('pictures of signatures and seals', () => {
  test('are cut to their ink, so that sizes are those of what is seen', async () => {
    const picture = await readInkPicture(await file('seal.png', await sealPng()), 'seal');
    expect(picture.warnings).toEqual([]);
    expect(picture.width / picture.height).toBeCloseTo(1, 1);
    expect(picture.width).toBeLessThan(740);
  });

  test('scanned on white paper lose the white, with a warning', async () => {
    const picture = await readInkPicture(
      await file('white.png', await handwritingPng({ ground: 'white' })),
      'handwriting',
    );
    expect(codesOf(picture.warnings)).toEqual(['signing.image-white-removed']);
    const clear = picture.alpha.filter((value) => value === 0).length / picture.alpha.length;
    expect(clear).toBeGreaterThan(0.6);
    const soft = await readInkPicture(await file('hand.png', await handwritingPng()), 'handwriting');
    expect(Math.abs(picture.width - soft.width)).toBeLessThan(4);
  });

  test('of another colour than the decree wants are warned of', async () => {
    const black = await file('black.png', await handwritingPng({ colour: '#111111' }));
    expect(codesOf((await readInkPicture(black, 'handwriting')).warnings)).toEqual([
      'signing.image-not-blue',
    ]);
    const blue = await file('blue.png', await handwritingPng());
    expect(codesOf((await readInkPicture(blue, 'seal')).warnings)).toEqual(['signing.image-not-red']);
  });

  test('that are too large are made smaller', async () => {
    const large = await sharp(await handwritingPng())
      .resize(4000)
      .png()
      .toBuffer();
    const picture = await readInkPicture(await file('large.png', large), 'handwriting');
    expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(1200);
  });

  test('that are no pictures, too much or nothing are refused with the reason', async () => {
    const png = await handwritingPng();
    const jpeg = await sharp(png).flatten({ background: 'white' }).jpeg().toBuffer();
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const empty = await sharp({ create: { width: 50, height: 50, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    const cases = {
      'signing.image-not-png': jpeg,
      'signing.image-too-large': bomb,
      'signing.image-unreadable': png.subarray(0, 200),
      'signing.image-empty': empty,
    };
    for (const [code, bytes] of Object.entries(cases)) {
      const path = await file(`${code}.png`, bytes);
      await expect(readInkPicture(path, 'handwriting')).rejects.toMatchObject({ code });
    }
    await expect(readInkPicture(join(dir, 'absent.png'), 'seal')).rejects.toMatchObject({
      code: 'general.no-such-input',
    });
    const fat = await file('fat.png', Buffer.concat([png, Buffer.alloc(6 * 1024 * 1024)]));
    await expect(readInkPicture(fat, 'seal')).rejects.toMatchObject({ code: 'signing.image-too-large' });
  });
});

describe('a file that calls itself PDF/A', () => {
  const xmp = (part: number): Buffer =>
    rawStream(
      '/Type /Metadata /Subtype /XML',
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description pdfaid:part="${part}" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>`,
    );

  test.each([
    { part: 1, mask: '/Mask ', other: '/SMask ' },
    { part: 2, mask: '/SMask ', other: '/ImageMask true' },
  ])('of part $part gets only the transparency that its part allows', async ({ part, mask, other }) => {
    const inputPath = await file(
      `pdfa-${part}.pdf`,
      rawPdf({
        objects: [
          ...onePageObjects({
            catalog: '/Metadata 4 0 R /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 >>]',
          }),
          xmp(part),
        ],
      }),
    );
    const outputPath = join(dir, `pdfa-${part}-signed.pdf`);
    const imagePath = await file('hand-a.png', await handwritingPng());
    const rect = { x: 100, y: 200, w: 50, h: 20 };
    await signPdf({
      inputPath,
      outputPath,
      key,
      level: 'B-B',
      signingTime: '2026-11-20T15:04:05+07:00',
      appearance: { kind: 'leader', imagePath, place: { page: 1, rect } },
    });
    const added = (await readFile(outputPath))
      .subarray((await readFile(inputPath)).length)
      .toString('latin1');
    expect(added).toContain(mask);
    expect(added).not.toContain(other);
    expect(added).toContain('/CalRGB');
    expect(added).not.toContain('/DeviceRGB');
    expect(added).not.toContain('/Subtype /XML');
    expect(added).toMatch(/\/F 132/);
    const hand = drawnPage(outputPath).box('blue');
    expect(hand?.w).toBeCloseTo(50, -0.3);
    expect(drawnPage(outputPath).share('blue', rect)).toBeLessThan(0.3);
    expect(oracles.qpdfProblems(outputPath)).toBe('');
  });
});
