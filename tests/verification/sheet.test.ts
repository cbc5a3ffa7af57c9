import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildVerificationSheet } from '../../core/verification/report-pdf/verification-sheet.ts';
import { appendUpdate, openWorkshop, type Workshop } from './signed-files.ts';
import { PdfRef, PdfDict, PdfStream } from '../../core/pdf/objects.ts';

let shop: Workshop;
beforeAll(async () => void (shop = await openWorkshop()));
afterAll(() => shop.close());

const context = { checkedAt: new Date('2026-11-21T01:02:03Z'), software: 'Ấn Thư 1.0' };

async function textOf(name: string, bytes: Uint8Array): Promise<string> {
  const path = await shop.write(name, bytes);
  execFileSync('qpdf', ['--check', path], { stdio: 'pipe' });
  return execFileSync('pdftotext', ['-layout', path, '-']).toString('utf8').replace(/\s+/g, ' ');
}

it('prints verdict, signer, reasons and changes in Vietnamese', async () => {
  const signed = await shop.sign(shop.letter, 'signed.pdf');
  const forged = await appendUpdate(signed, (update) =>
    update.put(new PdfRef(4), new PdfStream(new PdfDict(), { bytes: Buffer.from('BT ET') })),
  );
  const reports = [await shop.verify(signed), await shop.verify(await shop.write('giả.pdf', forged))];
  const text = await textOf('phiếu.pdf', await buildVerificationSheet(reports, context));
  for (const words of [
    'PHIẾU KIỂM TRA CHỮ KÝ SỐ',
    'HỢP LỆ',
    'KHÔNG HỢP LỆ',
    'Ủy ban nhân dân xã Hòa Bình (mẫu)',
    'Văn bản đã bị thay đổi sau khi ký.',
    'đối tượng 4 0, trang 1: nội dung khác',
    'Chưa kiểm tra được trạng thái thu hồi.',
    '21/11/2026 08:02:03 (+07:00)',
    'Ấn Thư 1.0',
    'Trang 1/',
  ])
    expect(text).toContain(words);
});

it('takes names of any length and script, over many pages', async () => {
  const report = await shop.verify(shop.letter);
  const files = Array.from({ length: 40 }, (_, index) => ({
    ...report,
    input: `${'rất-dài-'.repeat(40)}漢字 ${index}`,
  }));
  const text = await textOf('nhiều.pdf', await buildVerificationSheet(files, context));
  expect(text).toContain('Chưa ký số'.toLocaleUpperCase('vi'));
  expect(text).toMatch(/Trang (\d+)\/\1(?!\d)/);
});

it('leaves no label alone at the foot of a page', async () => {
  const report = await shop.verify(shop.letter);
  for (let count = 1; count <= 4; count++) {
    const files = Array.from({ length: count * 3 }, () => report);
    const lengthened = files.map((file) => ({ ...file, input: `/${'x'.repeat(90 * count)}` }));
    const path = await shop.write('nhãn.pdf', await buildVerificationSheet(lengthened, context));
    const pages = execFileSync('pdftotext', ['-layout', path, '-']).toString('utf8').split('\f');
    const last = pages.map(
      (page) =>
        page
          .trimEnd()
          .split('\n')
          .filter((line) => line.trim() !== '')
          .at(-2) ?? '',
    );
    expect(last.filter((line) => /^\S.*:$/.test(line.trim()))).toEqual([]);
  }
});
