import { describe, expect, it } from 'vitest';
import { findSecrecyMark, findUrgencyMark } from './marks.ts';
import { officialHead, pageOf, redMark } from './page-of.fixture.ts';

const withRed = (...marks: ReturnType<typeof redMark>[]) => pageOf(officialHead, { redMarks: marks });

describe('a độ mật mark', () => {
  it.each([
    ['MẬT', 'mat'],
    ['TỐI MẬT', 'toi-mat'],
    ['TUYỆT MẬT', 'tuyet-mat'],
    ['MÂT', 'mat'],
  ])('%s in red ink is found', (text, level) => {
    expect(findSecrecyMark(withRed(redMark(text)))).toMatchObject({ level, reason: 'red-word' });
  });

  it('is found without a frame, and beside a mark of urgency', () => {
    expect(findSecrecyMark(withRed(redMark('KHẨN'), redMark('MẬT', { framed: false })))?.level).toBe('mat');
    expect(findSecrecyMark(withRed(redMark('MẬT\nHỎA TỐC', { height: 20 })))?.level).toBe('mat');
  });

  it('is found in black when it stands alone above the text', () => {
    const page = pageOf([...officialHead, { x: 0.22, y: 0.205, text: 'TỐI MẬT' }]);
    expect(findSecrecyMark(page)).toMatchObject({ level: 'toi-mat', reason: 'lone-word' });
  });

  it('is suspected in a framed mark that resembles it or that nothing reads', () => {
    expect(findSecrecyMark(withRed(redMark('MẠI')))?.reason).toBe('similar');
    expect(findSecrecyMark(withRed(redMark('', { confidence: 0 })))?.reason).toBe('unreadable');
  });
});

describe('no độ mật mark', () => {
  it('is seen in running text, whatever its case', () => {
    const page = pageOf([
      ...officialHead,
      {
        x: 0.14,
        y: 0.3,
        text: 'Văn bản có dấu MẬT, TỐI MẬT hoặc TUYỆT MẬT phải đăng ký tại sổ riêng, cất trong tủ',
      },
      { x: 0.14, y: 0.32, text: 'MẬT' },
      { x: 0.14, y: 0.34, text: 'mật' },
    ]);
    expect(findSecrecyMark(page)).toBeNull();
  });

  it('is seen in a word that every JavaScript object knows, nor is one of urgency', () => {
    const page = pageOf([...officialHead, { x: 0.22, y: 0.205, text: 'CONSTRUCTOR' }]);
    expect([findSecrecyMark(page), findUrgencyMark(page)]).toEqual([null, null]);
  });

  it('is seen in the subject of a letter', () => {
    const page = pageOf([...officialHead, { x: 0.2, y: 0.192, text: 'và văn bản mật' }]);
    expect(findSecrecyMark(page)).toBeNull();
  });

  it.each(['KHẨN', 'HỎA TỐC', 'LƯU HÀNH NỘI BỘ', 'ĐẾN', 'SAO Y'])('is seen in %s', (text) => {
    expect(findSecrecyMark(withRed(redMark(text)))).toBeNull();
  });

  it('is seen in a large arrival stamp or a smudge without a frame', () => {
    const arrival = redMark('ĐẾN Số', { width: 50, height: 35, confidence: 0.3 });
    expect(findSecrecyMark(withRed(arrival, redMark(') Gỗ', { framed: false, confidence: 0.2 })))).toBeNull();
  });
});

describe('a độ khẩn mark', () => {
  it.each([
    ['KHẨN', 'khan'],
    ['KHẤN', 'khan'],
    ['THƯỢNG KHẨN', 'thuong-khan'],
    ['HOẢ TỐC', 'hoa-toc'],
  ])('%s is found', (text, level) => {
    expect(findUrgencyMark(withRed(redMark(text)))?.level).toBe(level);
  });

  it('is not seen where there is none', () => {
    expect(findUrgencyMark(withRed(redMark('MẬT')))).toBeNull();
    expect(findUrgencyMark(pageOf(officialHead))).toBeNull();
  });
});
