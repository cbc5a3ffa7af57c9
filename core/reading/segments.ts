import type { OcrWord, PageText, PixelBox } from '../ports/page-reader.ts';
import { foldVietnamese } from '../shared/fold.ts';

/** A run of words on one row without a wide gap: in the head, one cell's line. */
export interface Segment {
  readonly text: string;
  readonly folded: string;
  readonly words: readonly OcrWord[];
  readonly box: PixelBox;
  /** Mean confidence of the words, weighted by their length. */
  readonly confidence: number;
}

/** Gap between words, in row heights, from which they belong to different cells. */
const cellGap = 1.6;

/** The page's words as segments, from the top down and from the left to the right. */
export function segmentsOf(page: PageText): Segment[] {
  const words = page.lines.flatMap((line) => line.words).filter((word) => /[\p{L}\p{N}/-]/u.test(word.text));
  return rowsOf(words).flatMap(splitRow);
}

function rowsOf(words: readonly OcrWord[]): OcrWord[][] {
  const sorted = [...words].toSorted((a, b) => middleY(a.box) - middleY(b.box));
  const rows: { middle: number; height: number; words: OcrWord[] }[] = [];
  for (const word of sorted) {
    const middle = middleY(word.box);
    const height = word.box.y1 - word.box.y0;
    const row = rows.at(-1);
    if (
      row &&
      middle - row.middle < 0.5 * Math.min(Math.max(row.height, height), 2 * Math.min(row.height, height))
    ) {
      row.words.push(word);
      row.middle += (middle - row.middle) / row.words.length;
      row.height = Math.max(row.height, height);
    } else rows.push({ middle, height, words: [word] });
  }
  return rows.map((row) => row.words);
}

function splitRow(row: readonly OcrWord[]): Segment[] {
  const sorted = [...row].toSorted((a, b) => a.box.x0 - b.box.x0);
  const heights = sorted.map(({ box }) => box.y1 - box.y0).toSorted((a, b) => a - b);
  const height = heights[Math.floor(heights.length / 2)] ?? 1;
  const parts: OcrWord[][] = [];
  for (const word of sorted) {
    const before = parts.at(-1)?.at(-1);
    if (before && word.box.x0 - before.box.x1 < cellGap * height) parts.at(-1)?.push(word);
    else parts.push([word]);
  }
  return parts.map(toSegment);
}

function toSegment(words: readonly OcrWord[]): Segment {
  const text = words.map((word) => word.text).join(' ');
  return { text, folded: foldVietnamese(text), words, box: around(words), confidence: confidenceOf(words) };
}

/** Mean confidence weighted by length; 0 for no words. */
export function confidenceOf(words: readonly OcrWord[]): number {
  let sum = 0;
  let length = 0;
  for (const word of words) {
    sum += word.confidence * word.text.length;
    length += word.text.length;
  }
  return length === 0 ? 0 : sum / length;
}

/** The smallest box around all. */
export function around(parts: readonly { readonly box: PixelBox }[]): PixelBox {
  return {
    x0: Math.min(...parts.map(({ box }) => box.x0)),
    y0: Math.min(...parts.map(({ box }) => box.y0)),
    x1: Math.max(...parts.map(({ box }) => box.x1)),
    y1: Math.max(...parts.map(({ box }) => box.y1)),
  };
}

export function middleY(box: PixelBox): number {
  return (box.y0 + box.y1) / 2;
}

export function middleX(box: PixelBox): number {
  return (box.x0 + box.x1) / 2;
}

/** Share of capitals among the letters; 0 without letters. */
export function capitalShare(text: string): number {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters === 0 ? 0 : (text.match(/\p{Lu}/gu)?.length ?? 0) / letters;
}

/** Number of single-letter changes between two short texts. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[b.length]!;
}
