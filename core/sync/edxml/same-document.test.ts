import { describe, expect, it } from 'vitest';
import { makeDocumentId, sameDocument } from './same-document.ts';

const report = { codeNumber: '05', codeNotation: 'BC-UBND', organId: 'H99.01.02', issuedDate: '2026-11-20' };

describe('two records of one document', () => {
  it('are recognised with 05 for 5', () => {
    expect(sameDocument(report, { ...report, codeNumber: '5' })).toBe(true);
    expect(sameDocument(report, { ...report, codeNumber: '50' })).toBe(false);
  });

  it('are recognised with Đ typed as its look-alike or decomposed', () => {
    const decision = { ...report, codeNotation: 'Q\u0110-UBND' };
    expect(sameDocument(decision, { ...decision, codeNotation: 'Q\u00D0-UBND' })).toBe(true);
    expect(sameDocument(decision, { ...decision, codeNotation: 'Q\u0189-UBND' })).toBe(true);
    const city = { ...report, codeNotation: 'KH-TPHồ' };
    expect(sameDocument(city, { ...city, codeNotation: 'KH-TPHồ'.normalize('NFD') })).toBe(true);
    expect(sameDocument(decision, { ...decision, codeNotation: 'QD-UBND' })).toBe(false);
  });

  it('differ by case of the notation, by issuer and by year', () => {
    expect(sameDocument(report, { ...report, codeNotation: 'bc-UBND' })).toBe(false);
    expect(sameDocument(report, { ...report, organId: 'H99.01.03' })).toBe(false);
    expect(sameDocument(report, { ...report, issuedDate: '2025-11-20' })).toBe(false);
  });

  it('compare issuers by name when a code is missing', () => {
    const scanned = { codeNumber: '5', codeNotation: 'BC-UBND', organName: 'Ủy ban nhân dân xã  B' };
    const sent = { ...report, organName: 'ỦY BAN NHÂN DÂN XÃ B' };
    expect(sameDocument(scanned, sent)).toBe(true);
    expect(sameDocument(scanned, { ...report })).toBe(false);
    expect(sameDocument({ ...scanned, organName: '' }, { ...scanned, organName: '' })).toBe(false);
  });

  it('are recognised by document id alone', () => {
    const id = makeDocumentId('H99', '2026-11-20', '05', 'BC-UBND');
    expect(id).toBe('H99,2026/11/20,05/BC-UBND');
    const blank = { codeNumber: '', codeNotation: '' };
    expect(
      sameDocument({ ...blank, documentId: id }, { ...report, documentId: 'H99,2026-11-20,5/BC-UBND' }),
    ).toBe(true);
  });
});
