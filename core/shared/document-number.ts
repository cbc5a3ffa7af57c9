/**
 * Text for comparing: NFC, one spacing, and Đ for its look-alikes. U+00D0 (eth) and U+0189 look like Đ U+0110 on
 * screen and are typed for it (domain/vietnam.md, end of §5). Case is kept: ký hiệu compares case-sensitively.
 */
export function normaliseNotation(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\u00D0\u0189]/g, '\u0110')
    .replaceAll('\u00F0', '\u0111')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** "05" and "5" are one number; "05a" and "5a" too. */
export function normaliseNumber(text: string): string {
  return normaliseNotation(text).replace(/^0+(?=\d)/, '');
}
