import { expect, test } from 'vitest';
import { blockTime, pdfDate } from '../signing-time.ts';
import { setTextBlock } from './text-block.ts';

test('times are those of Vietnam whatever the zone they were given in', () => {
  const instant = new Date('2026-12-31T18:04:05Z');
  expect(pdfDate(instant)).toBe("D:20270101010405+07'00'");
  expect(blockTime(instant)).toBe('01/01/2027; 01:04:05 +07:00');
});

test('a decomposed agency name is drawn composed, on lines that fit', async () => {
  const name = 'Ủy ban nhân dân xã Đường Lâm Thượng, thành phố Hà Nội;'.normalize('NFD');
  const block = await setTextBlock([name, '20/11/2026; 15:04:05 +07:00'], 170);
  expect(block.lines).toEqual([
    'Ủy ban nhân dân xã Đường Lâm Thượng,'.normalize('NFC'),
    'thành phố Hà Nội;'.normalize('NFC'),
    '20/11/2026; 15:04:05 +07:00',
  ]);
  expect(block.width).toBeLessThanOrEqual(170);
});

test('a character without a glyph is named and refused', async () => {
  await expect(setTextBlock(['Xã 丁'], 170)).rejects.toMatchObject({
    code: 'signing.text-not-drawable',
    detail: { character: '丁' },
  });
});

test('letters of one agency share one subset of the font whatever their time', async () => {
  const first = await setTextBlock(['UBND xã Thử;', '20/11/2026; 15:04:05 +07:00'], 170);
  const second = await setTextBlock(['UBND xã Thử;', '31/12/2027; 08:59:26 +07:00'], 170);
  expect(second.font).toBe(first.font);
  expect(second.content).not.toBe(first.content);
});
