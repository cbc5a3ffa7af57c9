import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import { checkedLanguageFolder, languageFolder } from '../../native/ocr/language-data.ts';
import { makeEDocument } from '../../scripts/samples/index.ts';

const spawner = createNodeSpawner();
const reader = createPageReader({ spawner, recycleAfter: 2 });
let dir: string;
let pdfPath: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-reader-'));
  pdfPath = (await makeEDocument(dir, { seed: 1, today: '2026-11-21' })).path;
});
afterAll(async () => {
  reader.stop();
  await rm(dir, { recursive: true, force: true });
});

it('renders a page as PNG or JPEG at the size asked for', async () => {
  const png = await reader.renderPage({ pdfPath, page: 0, dpi: 72 });
  const meta = await sharp(png.bytes).metadata();
  expect([meta.format, meta.width, meta.height, png.width]).toEqual(['png', 595, 842, 595]);
  const jpeg = await reader.renderPage({ pdfPath, page: 0, dpi: 36, format: 'jpeg' });
  expect((await sharp(jpeg.bytes).metadata()).format).toBe('jpeg');
});

it('starts its program anew after so many pages', async () => {
  await reader.renderPage({ pdfPath, page: 0, dpi: 20 });
  const before = reader.pid;
  await reader.renderPage({ pdfPath, page: 0, dpi: 20 });
  await reader.renderPage({ pdfPath, page: 0, dpi: 20 });
  expect(reader.pid).toBeDefined();
  expect(reader.pid).not.toBe(before);
});

it('refuses a page that is not there, a file that is none and a page too large to draw', async () => {
  await expect(reader.readPage({ pdfPath, page: 4, fraction: 0.4 })).rejects.toMatchObject({
    code: 'reading.no-such-page',
    detail: { page: 5, pages: 1 },
  });
  const broken = join(dir, 'broken.pdf');
  await writeFile(broken, '%PDF-1.7\nnothing');
  await expect(reader.readPage({ pdfPath: broken, page: 0, fraction: 0.4 })).rejects.toMatchObject({
    code: 'reading.unreadable-pdf',
  });
  const wall = await PDFDocument.create();
  wall.addPage([14_000, 14_000]);
  const wallPath = join(dir, 'wall.pdf');
  await writeFile(wallPath, await wall.save());
  await expect(reader.renderPage({ pdfPath: wallPath, page: 0, dpi: 300 })).rejects.toMatchObject({
    code: 'reading.page-too-large',
  });
});

it('kills its program when a page takes longer than the deadline, and goes on after', async () => {
  const hasty = createPageReader({ spawner, deadlineMs: 5 });
  await expect(hasty.renderPage({ pdfPath, page: 0, dpi: 20 })).rejects.toMatchObject({
    code: 'general.program-timeout',
  });
  expect(hasty.pid).toBeUndefined();
  await expect(reader.renderPage({ pdfPath, page: 0, dpi: 20 })).resolves.toMatchObject({ width: 165 });
});

it('takes its language data from the package, never from elsewhere', () => {
  expect(languageFolder()).toContain(join('node_modules', '@tesseract.js-data', 'vie'));
  for (const elsewhere of ['https://example.invalid/data', dir]) {
    expect(() => checkedLanguageFolder(elsewhere)).toThrow('reading.engine-unavailable');
  }
});

it('has a sentence for a scan of more pixels than it takes, which the clerk then types', async () => {
  const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(16_000, frame + 5);
  jpeg.writeUInt16BE(12_000, frame + 7);
  const scan = await PDFDocument.create();
  const picture = await scan.embedJpg(jpeg);
  scan.addPage([595, 842]).drawImage(picture, { x: 0, y: 0, width: 595, height: 842 });
  const scanPath = join(dir, 'many-pixels.pdf');
  await writeFile(scanPath, await scan.save());
  await expect(reader.readPage({ pdfPath: scanPath, page: 0, fraction: 0.3 })).rejects.toMatchObject({
    code: 'reading.page-too-large',
    detail: { width: 12_000, height: 16_000 },
  });
});
