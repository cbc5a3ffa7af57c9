/** Character classes of PDF syntax. */

export const code = {
  tab: 0x09,
  lf: 0x0a,
  cr: 0x0d,
  space: 0x20,
  hash: 0x23,
  percent: 0x25,
  parenOpen: 0x28,
  parenClose: 0x29,
  slash: 0x2f,
  less: 0x3c,
  greater: 0x3e,
  bracketOpen: 0x5b,
  backslash: 0x5c,
  bracketClose: 0x5d,
} as const;

export function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x00 || byte === 0x0c;
}

const delimiters = new Set(Buffer.from('()<>[]{}/%', 'latin1'));

export function isDelimiter(byte: number): boolean {
  return delimiters.has(byte);
}

/** A byte that goes on a name, number or keyword. */
export function isRegular(byte: number): boolean {
  return byte >= 0 && !isWhitespace(byte) && !delimiters.has(byte);
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Value of a hexadecimal digit, or -1. */
export function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  return -1;
}
