import { capitalShare, middleX, middleY, type Segment } from './segments.ts';
import { typeByTitle, type DocumentType } from './document-types.ts';

/** Lines at which a subject surely ends, folded. */
const afterSubject = /^(kinh gui|can cu|theo de nghi|thuc hien|de nghi:|noi nhan)/;

/** A type name standing alone in the middle of the page (ô 5a). */
export interface Title {
  readonly type: DocumentType;
  readonly exact: boolean;
  readonly segment: Segment;
}

/** The first line in capitals, about the middle of the page, that is one of the 29 type names. */
export function findTitle(segments: readonly Segment[], pageWidth: number, below: number): Title | undefined {
  for (const segment of segments) {
    if (middleY(segment.box) <= below || capitalShare(segment.text) < 0.8) continue;
    if (Math.abs(middleX(segment.box) / pageWidth - 0.53) > 0.13 || segment.text.endsWith(':')) continue;
    const found = typeByTitle(segment.text);
    if (found) return { ...found, segment };
  }
  return undefined;
}

/** The lines under a title, up to the rule or the text: as long as they follow at the same pitch. */
export function subjectUnderTitle(
  segments: readonly Segment[],
  title: Segment,
  pageWidth: number,
): Segment[] {
  const below = segments.filter(
    ({ box }) =>
      middleY(box) > middleY(title.box) + (title.box.y1 - title.box.y0) * 0.6 &&
      Math.abs(middleX(box) / pageWidth - 0.53) < 0.2,
  );
  return followingLines(below, title, Infinity).filter((line) => !isShouted(line.text));
}

/** The lines of ô 5b from the one that begins with `V/v`, in the left column. */
export function subjectOfLetter(segments: readonly Segment[], pageWidth: number, below: number): Segment[] {
  const left = segments.filter(
    ({ box }) => middleY(box) > below && middleX(box) < pageWidth * 0.46 && box.x1 < pageWidth * 0.62,
  );
  const start = left.findIndex(({ text }) => beginsSubject(text));
  const first = left[start];
  if (!first) return [];
  return [first, ...followingLines(left.slice(start + 1), first, 2.1)];
}

/** `V/v`, also where OCR made something near of it, or `Về việc`. */
export function beginsSubject(text: string): boolean {
  return /^(v\s*[/|lIi1]\s*v\b|v\/|về việc\b)/iu.test(text);
}

/** A line in capitals of several words: the next cell (`CHỦ TỊCH ỦY BAN …`), not a subject. */
function isShouted(text: string): boolean {
  return capitalShare(text) > 0.9 && text.split(' ').length > 2;
}

/**
 * Takes lines from the top as long as each follows the one before at the pitch of the first step (half as much
 * again at most; the first step at most `firstStep` line heights).
 */
function followingLines(lines: readonly Segment[], start: Segment, firstStep: number): Segment[] {
  const taken: Segment[] = [];
  let before = start;
  let pitch: number | undefined;
  for (const line of lines) {
    const step = middleY(line.box) - middleY(before.box);
    const height = Math.max(before.box.y1 - before.box.y0, line.box.y1 - line.box.y0);
    if (step < height * 0.4) continue;
    const most = pitch === undefined ? height * Math.min(firstStep, 2.4) : pitch * 1.4;
    if (step > most || afterSubject.test(line.folded) || isShouted(line.text)) break;
    taken.push(line);
    pitch ??= step;
    before = line;
  }
  return taken;
}
