import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { degrees, PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeEDocument } from '../../scripts/samples/index.ts';
import { readTextLayer } from '../appearance/text-layer-reader.ts';

let dir: string;
let upright: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-turned-'));
  upright = (await makeEDocument(dir, { seed: 3, today: '2026-11-21' })).path;
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The same letter lying on a larger sheet whose /Rotate and /CropBox show it as it was. */
async function turnedLetter(rotate: 0 | 90 | 180 | 270): Promise<string> {
  const document = await PDFDocument.create();
  const [letter] = await document.embedPdf(await readFile(upright));
  if (!letter) throw new Error('no page');
  const { width, height } = letter;
  const [left, bottom] = [40, 70];
  const lying = rotate % 180 === 90;
  const [w, h] = lying ? [height, width] : [width, height];
  const page = document.addPage([w + 100, h + 150]);
  const corner = { 0: [0, 0], 90: [w, 0], 180: [w, h], 270: [0, h] }[rotate];
  page.drawPage(letter, { x: left + corner[0]!, y: bottom + corner[1]!, rotate: degrees(rotate) });
  page.setCropBox(left, bottom, w, h);
  page.setRotation(degrees(rotate));
  const path = join(dir, `turned-${rotate}.pdf`);
  await writeFile(path, await document.save());
  return path;
}

test.each([0, 90, 180, 270] as const)(
  'words of a page turned by %i and cropped stand where they are displayed',
  async (rotate) => {
    const request = { page: 0, fraction: 1 };
    const plain = await readTextLayer({ ...request, pdfPath: upright });
    const turned = await readTextLayer({ ...request, pdfPath: await turnedLetter(rotate) });
    expect(turned.lines.map(({ text }) => text)).toEqual(plain.lines.map(({ text }) => text));
    expect(plain.lines.length).toBeGreaterThan(10);
    for (const [index, { box }] of turned.lines.entries()) {
      const expected = plain.lines[index]!.box;
      for (const side of ['x0', 'y0', 'x1', 'y1'] as const)
        expect(Math.abs(box[side] - expected[side])).toBeLessThan(2);
    }
  },
);
