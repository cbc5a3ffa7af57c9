import { describe, expect, it } from 'vitest';
import { looksLikeNumberLine, parseNumberLine } from './number-line.ts';

const sure = (number: string, notation: string) => ({
  number,
  numberTrust: 1,
  notation,
  notationTrust: 1,
});

describe('số and ký hiệu as printed', () => {
  it.each([
    ['Số: 1951/UBND-KGVX', '1951', 'UBND-KGVX'],
    ['Số: 05/BC-UBND', '05', 'BC-UBND'],
    ['Số: 5/BC-UBND', '5', 'BC-UBND'],
    ['Số: 12/QyĐ-SNV', '12', 'QyĐ-SNV'],
    ['Số: 88/TTr-UBND', '88', 'TTr-UBND'],
    ['Số: 7/CTr-HĐND', '7', 'CTr-HĐND'],
    ['Số 123/QĐ-UBND', '123', 'QĐ-UBND'],
    ['Số: 15/2026/NQ-HĐND', '15', '2026/NQ-HĐND'],
    ['Số: 31a/TB-VP', '31a', 'TB-VP'],
    ['Số : 402 / SNV – CCHC', '402', 'SNV-CCHC'],
    ['SỐ: 9/GM-TTPVHCC', '9', 'GM-TTPVHCC'],
    ['Số: 225/P&L-KH', '225', 'P&L-KH'],
  ])('%s', (line, number, notation) => {
    expect(parseNumberLine(line)).toEqual(sure(number, notation));
  });

  it('keeps the notation when the number was left blank for a pen', () => {
    expect(parseNumberLine('Số: ....../SNV-CCHC')).toMatchObject({ number: null, notation: 'SNV-CCHC' });
  });
});

describe('what OCR spoils is proposed without trust', () => {
  it.each([
    ['Số: 1O4/SNV-CCHC', '104', 'SNV-CCHC'],
    ['Số: l287/SNV-CCHC', '1287', 'SNV-CCHC'],
    ['Số: 5781UBND-KGVX', '5781', 'UBND-KGVX'],
    ['Số: 2110/5NV-CCHC', '2110', 'SNV-CCHC'],
    ['Số: 2110/S5NV-CCHC', '2110', 'SNV-CCHC'],
    ['Số: 872/QD-UBND', '872', 'QĐ-UBND'],
  ])('%s', (line, number, notation) => {
    const read = parseNumberLine(line);
    expect(read).toMatchObject({ number, notation });
    expect(Math.min(read?.numberTrust ?? 1, read?.notationTrust ?? 1)).toBeLessThan(0.65);
  });

  it('does not take other lines for ô 3', () => {
    expect(looksLikeNumberLine('SỞ NỘI VỤ')).toBe(false);
    expect(looksLikeNumberLine('V/v rà soát sổ đăng ký')).toBe(false);
    expect(parseNumberLine('Sở Nội vụ')).toBeUndefined();
  });
});
