import { describe, expect, it } from 'vitest';
import { safeFileName } from './safe-name.ts';

describe('a file name from outside', () => {
  it('keeps honest Vietnamese names', () => {
    expect(safeFileName('Công văn số 05.pdf', 'tep')).toBe('Công văn số 05.pdf');
  });

  it('is cut to 200 bytes with its ending kept', () => {
    const name = safeFileName(`${'ế'.repeat(300)}.pdf`, 'tep');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name.endsWith('ế.pdf')).toBe(true);
  });

  it.each(['NUL', 'com1.txt', 'LPT9.pdf', 'aux.'])('%s is no device', (name) => {
    expect(safeFileName(name, 'tep')).toMatch(/^tep-/);
  });

  it('loses control, bidi and zero-width characters and what Windows forbids', () => {
    expect(safeFileName('a\u0000b\u202Ec\u200Bd<e>:f?.pdf', 'tep')).toBe('a_b_c_d_e__f_.pdf');
  });
});
