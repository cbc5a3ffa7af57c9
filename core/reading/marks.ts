import type { PageBox, Secrecy, Urgency } from '../contract/reading.ts';
import type { PageText, PixelBox, RedMarkText } from '../ports/page-reader.ts';
import { foldVietnamese } from '../shared/fold.ts';
import { toPageBox } from './page-box.ts';
import { capitalShare, editDistance, middleX, middleY, segmentsOf, type Segment } from './segments.ts';

/** A mark of ô 10 that was found. */
export interface Mark<L> {
  readonly level: L;
  readonly confidence: number;
  readonly box: PageBox;
  /**
   * How it was seen: `red-word` a word in red ink, `lone-word` a word standing alone above the text, `similar`
   * a framed red word that resembles one, `unreadable` a framed red mark of the right size that nothing reads.
   */
  readonly reason: 'red-word' | 'lone-word' | 'similar' | 'unreadable';
}

export type SecrecyMark = Mark<Exclude<Secrecy, 'thuong'>>;
export type UrgencyMark = Mark<Exclude<Urgency, 'thuong'>>;

const secrecyWords: ReadonlyMap<string, SecrecyMark['level']> = new Map([
  ['mat', 'mat'],
  ['toi mat', 'toi-mat'],
  ['tuyet mat', 'tuyet-mat'],
]);
const urgencyWords: ReadonlyMap<string, UrgencyMark['level']> = new Map([
  ['khan', 'khan'],
  ['thuong khan', 'thuong-khan'],
  ['hoa toc', 'hoa-toc'],
  ['hoa toc hen gio', 'hoa-toc'],
]);
/** Other words that are stamped in red frames (ô 11, copies, the arrival stamp). */
const otherMarks = [
  'den',
  'luu hanh noi bo',
  'xem xong tra lai',
  'sao y',
  'sao luc',
  'trich sao',
  'ban sao',
  'du thao',
];

function plain(text: string): string {
  return foldVietnamese(text)
    .replace(/[^a-z ]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Looks for a độ mật mark in its place (ô 10a): a word in red ink, or one standing alone in capitals above the
 * text; not the word in running text (domain/vietnam.md §1.8, §1.10). In doubt it says so: a framed red mark
 * that resembles one, or that cannot be read but has the size of one, is returned with little confidence.
 */
export function findSecrecyMark(page: PageText): SecrecyMark | null {
  const candidates: SecrecyMark[] = [];
  for (const mark of page.redMarks ?? []) {
    const found = secrecyOfRedMark(page, mark);
    if (found) candidates.push(found);
  }
  for (const segment of loneWords(page)) {
    const level = secrecyWords.get(plain(segment.text));
    if (level)
      candidates.push({ level, confidence: 0.9, box: toPageBox(page, segment.box), reason: 'lone-word' });
  }
  return best(candidates);
}

/** Looks for a độ khẩn mark (ô 10b) in the same places. */
export function findUrgencyMark(page: PageText): UrgencyMark | null {
  const candidates: UrgencyMark[] = [];
  for (const mark of page.redMarks ?? []) {
    for (const line of mark.text.split('\n')) {
      const level = nearest(plain(line), urgencyWords, mark.framed ? 1 : 0);
      if (level)
        candidates.push({
          level: level.value,
          confidence: level.distance === 0 ? 0.95 : 0.7,
          box: toPageBox(page, mark.box),
          reason: level.distance === 0 ? 'red-word' : 'similar',
        });
    }
  }
  for (const segment of loneWords(page)) {
    const level = urgencyWords.get(plain(segment.text));
    if (level)
      candidates.push({ level, confidence: 0.85, box: toPageBox(page, segment.box), reason: 'lone-word' });
  }
  return best(candidates);
}

function best<L>(marks: readonly Mark<L>[]): Mark<L> | null {
  return marks.toSorted((a, b) => b.confidence - a.confidence)[0] ?? null;
}

function nearest<L>(
  text: string,
  words: ReadonlyMap<string, L>,
  most: number,
): { value: L; distance: number } | undefined {
  let found: { value: L; distance: number } | undefined;
  for (const [word, value] of words) {
    const distance = editDistance(word, text);
    if (distance <= most && (!found || distance < found.distance)) found = { value, distance };
  }
  return found;
}

function secrecyOfRedMark(page: PageText, mark: RedMarkText): SecrecyMark | undefined {
  const box = toPageBox(page, mark.box);
  const lines = mark.text.split('\n');
  for (const line of lines) {
    const level = secrecyWords.get(plain(line));
    if (level && capitalShare(line) > 0.6)
      return { level, confidence: mark.framed ? 0.97 : 0.9, box, reason: 'red-word' };
  }
  if (!mark.framed || !isInPlace(page, mark.box)) return undefined;
  const text = plain(mark.text);
  if (isOtherMark(text)) return undefined;
  const words = text.split(' ');
  if (words.some((word) => word === 'mat')) return { level: 'mat', confidence: 0.7, box, reason: 'similar' };
  const near = nearest(text, secrecyWords, text.length > 4 ? 2 : 1);
  if (near) return { level: near.value, confidence: 0.6, box, reason: 'similar' };
  const legible = mark.confidence > 0.6 && text.length >= 4;
  if (!legible && hasMarkSize(page, mark.box))
    return { level: 'mat', confidence: 0.4, box, reason: 'unreadable' };
  return undefined;
}

function isOtherMark(text: string): boolean {
  if (nearest(text, urgencyWords, 1)) return true;
  return otherMarks.some((mark) => text === mark || (mark.length > 5 && text.includes(mark)));
}

/** Upper left part of the page, under the number or on top. */
function isInPlace(page: PageText, box: PixelBox): boolean {
  return middleX(box) < page.pageWidth * 0.62 && middleY(box) < page.pageHeight * 0.42;
}

/** Frames of ô 10 are 8 mm high and 20 to 40 mm wide (domain/vietnam.md §1.4); hand stamps vary. */
function hasMarkSize(page: PageText, box: PixelBox): boolean {
  const mm = page.dpi / 25.4;
  const width = (box.x1 - box.x0) / mm;
  const height = (box.y1 - box.y0) / mm;
  return width > 11 && width < 48 && height > 4.5 && height < 15;
}

/** Segments of capitals alone in their cell, above the running text and in the left part of the head. */
function loneWords(page: PageText): Segment[] {
  const segments = segmentsOf(page);
  const bodyTop = topOfBody(page, segments);
  return segments.filter(
    (segment) =>
      capitalShare(segment.text) === 1 &&
      !/[.,;:!?]$/.test(segment.text) &&
      middleY(segment.box) < bodyTop &&
      isInPlace(page, segment.box),
  );
}

/** Where the running text begins: the first wide line with small letters. */
function topOfBody(page: PageText, segments: readonly Segment[]): number {
  const first = segments.find(
    ({ box, text }) => box.x1 - box.x0 > page.pageWidth * 0.66 && capitalShare(text) < 0.5,
  );
  return first ? first.box.y0 : Infinity;
}
