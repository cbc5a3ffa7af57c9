import { describe, expect, it } from 'vitest';
import { makeDocumentId, normaliseDocumentId } from './document-id.ts';

describe('the document id of a package', () => {
  const id = makeDocumentId('H99', '2026-11-20', '05', 'BC-UBND');

  it('is agency, date with slashes, number and notation', () => {
    expect(id).toBe('H99,2026/11/20,05/BC-UBND');
  });

  it('is the same with 5 for 05, dashes for slashes and Đ typed as its look-alike', () => {
    expect(normaliseDocumentId('H99,2026-11-20,5/BC-UBND')).toBe(normaliseDocumentId(id));
    const decision = normaliseDocumentId('H99,2026/11/20,7/Q\u0110-UBND');
    expect(normaliseDocumentId('H99,2026/11/20,07/Q\u00D0-UBND')).toBe(decision);
  });

  it('differs by agency, date and the case of the notation', () => {
    for (const other of [
      'H98,2026/11/20,05/BC-UBND',
      'H99,2025/11/20,05/BC-UBND',
      'H99,2026/11/20,05/bc-UBND',
    ]) {
      expect(normaliseDocumentId(other)).not.toBe(normaliseDocumentId(id));
    }
  });
});
