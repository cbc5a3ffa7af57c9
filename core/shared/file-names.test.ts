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
    ['a/b\\c:d*e?.pdf', 'c_d_e_.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\x\\giấy mời.pdf', 'giấy mời.pdf'],
    ['aux.', '_aux'],
    ['COM¹.pdf', '_COM¹.pdf'],
    ['nul .pdf', '_nul .pdf'],
    ['..', 'khong-ten'],
    ['', 'khong-ten'],
    ['.hidden', 'hidden'],
    ['x\u0000y\u202e.pdf', 'x_y_.pdf'],
  ])('makes %j into %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  it('keeps the extension of a name that is too long, and whole letters', () => {
    const name = safeFileName(`${'Quyết định về việc '.repeat(30)}.pdf`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^Quyết định.*\.pdf$/u);
    expect(name).not.toContain('\ufffd');
  });

  it('gives a name that it would leave alone, whatever blank a long one is cut at', () => {
    for (const blank of [' ', '\u00a0', '\u3000', '. '])
      for (let at = 190; at < 201; at++) {
        const name = safeFileName(`${'a'.repeat(at)}${blank}${'b'.repeat(60)}`);
        expect(safeFileName(name)).toBe(name);
      }
  });

  it('takes the caller’s name when nothing is left', () => {
    expect(safeFileName(' .. ', 'tep-0001')).toBe('tep-0001');
  });

  it('leaves a name of exactly 200 bytes alone', () => {
    const name = `${'a'.repeat(196)}.pdf`;
    expect(safeFileName(name)).toBe(name);
  });
});
