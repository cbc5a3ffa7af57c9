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

/** 1 for a byte that goes on a name, number or keyword, 0 for white space and delimiters. */
export const regular = new Uint8Array(256).fill(1);
for (const byte of Buffer.from('\0\t\n\f\r ()<>[]{}/%', 'latin1')) regular[byte] = 0;

/** A byte that goes on a name, number or keyword. */
export function isRegular(byte: number): boolean {
  return regular[byte] === 1;
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
