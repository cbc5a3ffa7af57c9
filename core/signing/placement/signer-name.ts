import { editDistance } from '../../reading/segments.ts';
import { foldVietnamese } from '../../shared/fold.ts';

/** Letters that readers and spellings exchange, made one: no marks, y as i, and what OCR takes for one another. */
export function nameKey(text: string): string {
  return foldVietnamese(text)
    .replace(/[yl1|!]/g, 'i')
    .replace(/0/g, 'o')
    .replace(/5/g, 's')
    .replace(/[^a-z]/g, '');
}

/** Share of a name's letters that may be misread. */
const SLIPS = 0.25;

/** How well the name stands in a line: 1 all of it, letter for letter (but for marks); 0 not at all. */
export function nameScore(line: string, name: string): number {
  const key = nameKey(name);
  const words = line.split(/\s+/).filter((word) => nameKey(word) !== '');
  const wanted = name.trim().split(/\s+/).length;
  if (key.length < 4 || words.length === 0) return 0;
  let best = 0;
  for (let count = Math.max(1, wanted - 1); count <= wanted + 1; count++) {
    for (let from = 0; from + count <= words.length; from++) {
      const part = nameKey(words.slice(from, from + count).join(''));
      if (Math.abs(part.length - key.length) > key.length * SLIPS) continue;
      const slips = editDistance(part, key) / key.length;
      if (slips <= SLIPS) best = Math.max(best, 1 - slips);
    }
  }
  // A name inside a sentence is not the one under which somebody signs.
  const others = words.length - wanted;
  return others > 4 ? 0 : best * (1 - Math.max(0, others) * 0.06);
}

const rank =
  /^(?:(?:(?:thuong|trung|thieu|dai)\s+(?:tuong|ta|uy|si)|pgs|gs|tskh|ts|ths|bs(?:ckii|cki)?|ds|ks|cn|luat su|ong|ba)[.,\s]+)+/;

/** Whether a line looks like a person's full name, with or without a rank before it. */
export function looksLikeName(line: string): boolean {
  const folded = foldVietnamese(line).trim();
  const bare = line.trim().slice(rank.exec(folded)?.[0].length ?? 0);
  const words = bare.split(/\s+/).filter(Boolean);
  if (words.length < 2 || words.length > 6) return false;
  return words.every((word) => /^\p{Lu}\p{L}*[.,]?$/u.test(word)) && !isTitle(line);
}

const authority = /^(?:t[mn]|kt|tl|tuq|q)\s*[.,:]\s*\S/;

/** Titles as nameKey leaves them. */
const titles = [
  'chủ tịch', 'giám đốc', 'trưởng phòng', 'chánh văn phòng', 'cục trưởng', 'vụ trưởng', 'viện trưởng',
  'hiệu trưởng', 'trưởng ban', 'bộ trưởng', 'thứ trưởng', 'thủ tướng', 'bí thư', 'trưởng đoàn', 'đội trưởng',
  'trạm trưởng', 'chánh thanh tra', 'trưởng công an', 'chỉ huy trưởng', 'tổng biên tập', 'chánh án',
  'trưởng trạm', 'tổ trưởng', 'trưởng khoa',
].map(nameKey); // prettier-ignore

/** Whether a line is (part of) a title block of ô 7a: `TM. …`, `KT. CHỦ TỊCH`, `PHÓ GIÁM ĐỐC`. One slip is forgiven. */
export function isTitle(line: string): boolean {
  if (authority.test(foldVietnamese(line).trim())) return true;
  const words = line.split(/\s+/).map(nameKey).filter(Boolean);
  return titles.some((title) => {
    for (let from = 0; from < words.length; from++) {
      for (let count = 2; count <= 3; count++) {
        const part = words.slice(from, from + count).join('');
        if (Math.abs(part.length - title.length) <= 1 && editDistance(part, title) <= 1) return true;
      }
    }
    return false;
  });
}
