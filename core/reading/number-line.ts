import { documentTypes } from './document-types.ts';
import { foldVietnamese } from '../shared/fold.ts';

/** Số and ký hiệu as read from ô 3, each with how far the pattern itself can be trusted (0 to 1). */
export interface NumberAndNotation {
  readonly number: string | null;
  readonly numberTrust: number;
  readonly notation: string | null;
  readonly notationTrust: number;
}

const label = /^\W*(?:s[ốồổỗộôoơóòỏõọ60]|5[ốôo])\s*[:;.,]?\s*/iu;
const strict =
  /^(\d{1,6}\p{Ll}?)\s*\/\s*((?:(?:19|20)\d{2}\s*\/\s*)?\p{L}[\p{L}\d&]*(?:\s*[-–.]\s*[\p{L}\d&]+)*)$/u;
const loose =
  /^([\dOoQIl|BSZ]{1,6}\p{Ll}?)\s*([/\\|]?)\s*((?:(?:19|20)\d{2}\s*\/\s*)?(?:\p{L}|(?<=[/|\\]\s*)5(?=\p{Lu}))[\p{L}\d&]*(?:\s*[-–.,]\s*[\p{L}\d&]+)*)\W*$/u;
const withoutNumber =
  /^[.…_\s]*\/\s*((?:(?:19|20)\d{2}\s*\/\s*)?\p{Lu}[\p{L}\d&]*(?:\s*[-–]\s*[\p{L}\d&]+)*)$/u;

/** Whether a line begins as ô 3 does (`Số:`). */
export function looksLikeNumberLine(text: string): boolean {
  return label.test(text) && /[/\d-]/.test(text.replace(label, ''));
}

/**
 * Reads `Số: 15/2026/NQ-HĐND`, `1951/UBND-KGVX`, `05/QyĐ-UBND` (domain/vietnam.md §1.10). What OCR tends to
 * spoil (O for 0, l for 1, a lost slash or Đ) is proposed in its likely form, but never trusted.
 */
export function parseNumberLine(line: string): NumberAndNotation | undefined {
  const text = line
    .replace(label, '')
    .trim()
    .replace(/[.,;:]+$/, '');
  const exact = strict.exec(text);
  if (exact) return { number: exact[1]!, numberTrust: 1, ...notationOf(exact[2]!) };
  const blank = withoutNumber.exec(text);
  if (blank) return { number: null, numberTrust: 0, ...notationOf(blank[1]!) };
  const guess = loose.exec(text);
  if (!guess) return undefined;
  const digits = guess[1]!
    .replace(/[OoQ]/g, '0')
    .replace(/[Il|]/g, '1')
    .replace(/B/g, '8')
    .replace(/S/g, '5')
    .replace(/Z/g, '2');
  if (!/^\d/.test(digits)) return undefined;
  const lostSlash = guess[2] !== '/';
  const notation = notationOf(guess[3]!.replace(/\s*,\s*/g, '-'));
  return {
    number: digits,
    numberTrust: lostSlash ? 0.35 : 0.45,
    notation: notation.notation,
    notationTrust: notation.notationTrust * (lostSlash ? 0.6 : 0.9),
  };
}

/** Tidies a notation: spaces and long dashes out; a type's letters that lost their marks are put right, with less trust. */
function notationOf(raw: string): { notation: string; notationTrust: number } {
  const notation = raw
    .replace(/\s*[-–]\s*/g, '-')
    .replace(/\s*\/\s*/g, '/')
    .replace(/\.$/, '');
  // In capitals S is often read as 5 or S5; units' letters hardly ever hold that figure.
  const spoilt = /^5(?=\p{Lu})|(?<=\p{L})5(?=\p{Lu})/u;
  if (spoilt.test(notation)) {
    const likely = notation.replace(/S5(?=\p{Lu})/gu, 'S').replace(/^5(?=\p{Lu})/u, 'S');
    return { notation: likely, notationTrust: 0.45 };
  }
  const year = /^(\d{4}\/)?(.*)$/u.exec(notation);
  const [first = '', ...rest] = (year?.[2] ?? '').split('-');
  const known = documentTypes.some(({ letters }) => letters === first);
  const twin = documentTypes.find(
    ({ letters }) => letters !== '' && foldVietnamese(letters) === foldVietnamese(first),
  );
  if (!known && twin && rest.length > 0)
    return { notation: [`${year?.[1] ?? ''}${twin.letters}`, ...rest].join('-'), notationTrust: 0.6 };
  return { notation, notationTrust: rest.length > 0 ? 1 : 0.7 };
}
