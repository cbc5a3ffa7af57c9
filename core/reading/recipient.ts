import { foldVietnamese } from '../shared/fold.ts';
import { middleY, type Segment } from './segments.ts';

/** Whether one of our offices is addressed. */
export interface RecipientMatch {
  readonly matches: boolean;
  readonly trust: number;
  readonly parts: readonly Segment[];
}

function short(text: string): string {
  return foldVietnamese(text)
    .replace(/uy ban nhan dan/g, 'ubnd')
    .replace(/hoi dong nhan dan/g, 'hdnd')
    .replace(/[^a-z0-9 ]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Addressees as a group (`các xã, phường`): whether we are among them cannot be told here. */
const group = /\b(cac|toan the|tat ca)\b/;

/**
 * Looks for our offices under `Kính gửi`. Undefined when the page has none, or when it addresses a group: only
 * a list of names that lacks ours asks “gửi sai nơi nhận?” (domain/vietnam.md §1.10).
 */
export function matchRecipient(
  segments: readonly Segment[],
  pageHeight: number,
  ownAgencyNames: readonly string[],
): RecipientMatch | undefined {
  const start = segments.findIndex(({ folded }) => /^k[il1]nh g[uiư]+/.test(folded));
  const first = segments[start];
  if (!first || ownAgencyNames.length === 0) return undefined;
  const parts = [first];
  for (const segment of segments.slice(start + 1)) {
    if (middleY(segment.box) - middleY(first.box) > pageHeight * 0.14) break;
    const listed = /^[-–+*•]/.test(segment.text);
    const sameRow = Math.abs(middleY(segment.box) - middleY(first.box)) < (first.box.y1 - first.box.y0) * 0.6;
    if (listed || sameRow) parts.push(segment);
  }
  const addressed = short(parts.map(({ text }) => text).join(' '));
  if (ownAgencyNames.some((name) => addressed.includes(short(name))))
    return { matches: true, trust: 0.95, parts };
  if (group.test(addressed) || addressed.length < 14) return undefined;
  return { matches: false, trust: 0.6, parts };
}
