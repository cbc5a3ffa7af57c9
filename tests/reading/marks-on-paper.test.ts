import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { findSecrecyMark, findUrgencyMark } from '../../core/reading/marks.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import { openPdf, type BgrxPicture } from '../../native/raster/pdf-document.ts';
import { boxedMark } from '../../scripts/samples/marks.ts';
import { seededRandom } from '../../scripts/samples/prng.ts';
import { officeScanLook, scanPage } from '../../scripts/samples/scan-look.ts';
import { Sheet } from '../../scripts/samples/sheet.ts';
import { writeScan } from '../../scripts/samples/write-scan.ts';

const reader = createPageReader({ spawner: createNodeSpawner() });
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'an-thu-marks-'));
});
afterAll(async () => {
  reader.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Stamp {
  readonly word: string;
  /** Millimetres. */
  readonly width: number;
  readonly tilt: number;
  /** Share of the ink that is left, or black ink. */
  readonly ink: number | 'black';
}

function reink({ data }: BgrxPicture, ink: Stamp['ink']): void {
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 2]! - data[i + 1]! <= 30) continue;
    const dark = Math.min(data[i + 1]!, 60);
    for (let c = i; c < i + 3; c++) data[c] = ink === 'black' ? dark : 255 - (255 - data[c]!) * ink;
  }
}

async function scanOf(stamp: Stamp) {
  const sheet = await Sheet.create(new Date(0));
  sheet.text('UBND TỈNH AN LẠC', 40, 24, { font: 'regular', size: 13 });
  sheet.text('Số: 12/SNV-VP', 48, 41, { font: 'regular', size: 13 });
  for (let line = 0; line < 6; line++) {
    const text = 'Văn bản có dấu chỉ độ mật phải đăng ký tại sổ riêng, không số hóa, không gửi qua';
    sheet.text(text, 30, 80 + line * 7, { font: 'regular', size: 14 });
  }
  boxedMark(sheet, stamp.word, { centre: 54, top: 50, width: stamp.width, tilt: stamp.tilt });
  const document = await openPdf(await sheet.document.save());
  const picture = document.withPage(0, (page) => page.render(200));
  document.close();
  reink(picture, stamp.ink);
  const random = seededRandom(3);
  const scan = await scanPage(picture, 200, officeScanLook(random), random);
  const pdfPath = join(dir, 'scan.pdf');
  await writeScan(pdfPath, 'pdf', [scan], { dpi: 200, date: new Date(0) });
  return reader.readPage({ pdfPath, page: 0, fraction: 0.4 });
}

it.each<[string, Stamp, string, string]>([
  ['stamped askew', { word: 'MẬT', width: 20, tilt: -5, ink: 1 }, 'mat', 'red-word'],
  ['with letters that touch the frame', { word: 'MẬT', width: 12, tilt: 0, ink: 1 }, 'mat', 'red-word'],
  ['in a tight frame', { word: 'TUYỆT MẬT', width: 31, tilt: 3, ink: 1 }, 'tuyet-mat', 'red-word'],
  ['printed in black', { word: 'MẬT', width: 20, tilt: 1, ink: 'black' }, 'mat', 'lone-word'],
])('a độ mật mark %s is found', async (_, stamp, level, reason) => {
  expect(findSecrecyMark(await scanOf(stamp))).toMatchObject({ level, reason });
});

it('a độ mật mark too faint to read is still held back, and says that it is a suspicion', async () => {
  const mark = findSecrecyMark(await scanOf({ word: 'MẬT', width: 20, tilt: 2, ink: 0.3 }));
  expect(mark?.level).toBe('mat');
  expect(mark?.confidence).toBeLessThan(0.7);
});

it('a faint HỎA TỐC is read as urgency and not taken for a secret', async () => {
  const page = await scanOf({ word: 'HỎA TỐC', width: 30, tilt: -4, ink: 0.4 });
  expect(findUrgencyMark(page)?.level).toBe('hoa-toc');
  expect(findSecrecyMark(page)).toBeNull();
});
