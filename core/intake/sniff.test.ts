import { describe, expect, it } from 'vitest';
import { mismatchedExtension, sniffType } from './sniff.ts';

describe('sniffType', () => {
  it.each([
    ['pdf', Buffer.from('%PDF-1.7\n')],
    ['pdf', Buffer.concat([Buffer.alloc(100, 32), Buffer.from('%PDF-1.4')])],
    ['jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['tiff', Buffer.from('II*\0')],
    ['tiff', Buffer.from('MM\0*')],
    ['unknown', Buffer.from('MZ\x90')],
    ['unknown', Buffer.alloc(0)],
    ['unknown', Buffer.concat([Buffer.alloc(1024), Buffer.from('%PDF-1.4')])],
  ] as const)('knows %s by content', (type, head) => {
    expect(sniffType(head)).toBe(type);
  });
});

describe('mismatchedExtension', () => {
  it('names the extension that promises something else', () => {
    expect(mismatchedExtension('letter.pdf', 'jpeg')).toBe('.pdf');
    expect(mismatchedExtension('letter.PDF', 'pdf')).toBeUndefined();
    expect(mismatchedExtension('letter.scan', 'jpeg')).toBeUndefined();
  });
});
