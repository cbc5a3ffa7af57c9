import { writeFile } from 'node:fs/promises';
import { degrees, PDFDocument } from 'pdf-lib';
import { Sheet } from '../../scripts/samples/sheet.ts';

/** Where the letter's cells stand, millimetres from the top left: baselines of 7a and 7b and their axis. */
export const letterCells = { axis: 150, title: 196, name: 234 } as const;

export interface LetterOptions {
  readonly signer?: string;
  readonly titles?: readonly string[];
  readonly pages?: 1 | 2;
  /** `follows`: an annex in the same file comes behind the signer's page. */
  readonly annex?: 'follows';
}

/** An issued letter of one page (two with `pages: 2`) that waits for its signatures: text alone, no ink. */
export async function writeLetter(path: string, options: LetterOptions = {}): Promise<void> {
  const { signer = 'Nguyễn Thị Thúy Hằng', titles = ['KT. GIÁM ĐỐC', 'PHÓ GIÁM ĐỐC'], pages = 1 } = options;
  const sheet = await Sheet.create(new Date('2026-11-20T02:00:00Z'));
  sheet.centred('UBND TỈNH AN LẠC', 62, 24, { font: 'regular', size: 13 });
  sheet.centred('SỞ NỘI VỤ', 62, 30, { font: 'bold', size: 13 });
  sheet.centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 148, 24, { font: 'bold', size: 13 });
  sheet.centred('Độc lập - Tự do - Hạnh phúc', 148, 30, { font: 'bold', size: 14 });
  sheet.centred('Số:          /SNV-VP', 62, 41, { font: 'regular', size: 13 });
  sheet.centred('An Lạc, ngày      tháng 11 năm 2026', 148, 41, { font: 'italic', size: 14 });
  for (let line = 0; line < 18; line++)
    sheet.text(
      'Giao bà Nguyễn Thị Thúy Hằng, Phó Giám đốc Sở, theo dõi việc số hóa văn bản của các xã.',
      30,
      70 + line * 6.6,
      { font: 'regular', size: 13 },
    );
  if (pages === 2) sheet.addPage();
  sheet.text('Nơi nhận:', 30, letterCells.title, { font: 'boldItalic', size: 12 });
  sheet.text('- Như trên;', 30, letterCells.title + 5, { font: 'regular', size: 11 });
  titles.forEach((title, index) => {
    sheet.centred(title, letterCells.axis, letterCells.title + index * 6, { font: 'bold', size: 14 });
  });
  sheet.centred(signer, letterCells.axis, letterCells.name, { font: 'bold', size: 14 });
  if (options.annex) {
    sheet.addPage();
    sheet.centred('PHỤ LỤC', 112, 30, { font: 'bold', size: 14 });
    sheet.text('Danh sách các xã, phường thực hiện số hóa văn bản trong năm.', 30, 45, {
      font: 'regular',
      size: 13,
    });
  }
  await writeFile(path, await sheet.document.save());
}

export interface SheetShape {
  readonly rotate: 0 | 90 | 180 | 270;
  /** Lower left corner and size in points. */
  readonly crop?: readonly [number, number, number, number];
}

/** One empty A4 page, turned and cropped. */
export async function writeBlank(path: string, { rotate, crop }: SheetShape): Promise<void> {
  const document = await PDFDocument.create();
  const page = document.addPage([595.28, 841.89]);
  page.setRotation(degrees(rotate));
  page.drawText(' ', { x: 10, y: 10, size: 8 });
  if (crop) page.setCropBox(...crop);
  await writeFile(path, await document.save());
}
