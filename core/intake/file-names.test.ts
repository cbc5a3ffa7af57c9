import { describe, expect, it } from 'vitest';
import { displayName, safeFileName } from './file-names.ts';

describe('displayName', () => {
  it('composes decomposed Vietnamese letters', () => {
    expect(displayName('quyết định.pdf'.normalize('NFD'))).toBe('quyết định.pdf'.normalize('NFC'));
  });

  it('shows control, bidi and invisible characters instead of obeying them', () => {
    expect(displayName('giấy\u202efdp.exe')).toBe('giấy\ufffdfdp.exe');
    expect(displayName('a\nb\u0007\u200b.pdf')).toBe('a\ufffdb\ufffd\ufffd.pdf');
  });
});

describe('safeFileName', () => {
  it.each([
    ['CON', '_CON'],
    ['con.pdf', '_con.pdf'],
    ['Lpt1.tar.gz', '_Lpt1.tar.gz'],
    ['console.pdf', 'console.pdf'],
    ['công văn.pdf. . ', 'công văn.pdf'],
    ['a/b\\c:d*e?.pdf', 'a_b_c_d_e_.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..', 'khong-ten'],
    ['', 'khong-ten'],
    ['.hidden', 'hidden'],
    ['x\u0000y\u202e.pdf', 'xy.pdf'],
  ])('makes %j into %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  it('keeps the extension of a name that is too long, and whole letters', () => {
    const name = safeFileName(`${'Quyết định về việc '.repeat(30)}.pdf`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^Quyết định.*\.pdf$/u);
    expect(name).not.toContain('\ufffd');
  });

  it('leaves a name of exactly 255 bytes alone', () => {
    const name = `${'a'.repeat(251)}.pdf`;
    expect(safeFileName(name)).toBe(name);
  });
});
