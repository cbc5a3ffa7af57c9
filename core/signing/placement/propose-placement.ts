import { withPdf, type PdfDocument } from '../../pdf/document.ts';
import { displayedSizeMm } from '../../pdf/pages.ts';
import type { PageText } from '../../ports/page-reader.ts';
import { capitalShare, segmentsOf } from '../../reading/segments.ts';
import { toPageBox } from '../../reading/page-box.ts';
import type { SigningWarning } from '../prepared-signature.ts';
import { warning } from '../../shared/warning.ts';
import { pageNumbered } from './other-fields.ts';
import type { MmBox } from './page-geometry.ts';
import { DIAMETER_MM, fitCentred, guessedPlace, sealBeside } from './picture-place.ts';
import { isTitle, looksLikeName, nameScore } from './signer-name.ts';

export interface ProposePlacementOptions {
  readonly pdfPath: string;
  /** The page where the signer stands, and others that may be it: the last page, as a rule. Read whole (`fraction` 1). */
  readonly pageTexts: readonly PageText[];
  /** The signer as the certificate or the register spells the name. */
  readonly signerName?: string | undefined;
  /** Of an encrypted file. */
  readonly password?: string | undefined;
  readonly look: 'leader' | 'agency-seal';
  /** Of the seal; 36 unless given. */
  readonly diameterMm?: number;
}

/** What a proposal rests on. */
export type PlacementReason =
  | 'name-matched'
  | 'name-nearly-matched'
  | 'name-by-its-look'
  | 'title-above-name'
  | 'title-alone'
  | 'name-alone'
  | 'usual-place';

/** Where a picture should go. Boxes in millimetres from the page's top left as displayed. */
export interface PlacementProposal {
  /** From 1. */
  readonly page: number;
  /** The box for the look that was asked for. */
  readonly box: MmBox;
  /** Ô 7c, between title and name. */
  readonly leaderBox: MmBox;
  /** Ô 8, where the seal goes if the leader's picture fills ô 7c. */
  readonly sealBox: MmBox;
  /** Ô 7b and 7a as they were read. */
  readonly name?: { readonly text: string; readonly box: MmBox };
  readonly title?: { readonly text: string; readonly box: MmBox };
  /** 0 to 1; below 0.5 a person should look before signing. */
  readonly confidence: number;
  readonly reasons: readonly PlacementReason[];
  readonly warnings: readonly SigningWarning[];
}

interface Line {
  readonly text: string;
  readonly box: MmBox;
}

interface Found {
  readonly page: number;
  readonly score: number;
  readonly name?: Line & { readonly score: number };
  readonly title?: Line;
}

/** Names stand this far from the title's axis at most, and this far below it; millimetres. */
const OFF_AXIS = 18;
const BELOW_TITLE = 80;
/** Share of the page's width from which a line belongs to the signer's column. */
const SIGNER_COLUMN = 0.57;
/** Room left free above the name and below the title. */
const GAP = 1;
/** Less height than this between title and name squeezes the picture. */
const TIGHT_MM = 12;
/** Shape of an ordinary signature, for the seal's place before the picture is known. */
const USUAL_PICTURE = { width: 22, height: 10 };

/**
 * Finds the signer's printed name (ô 7b) and title (ô 7a) on the pages that were read and proposes ô 7c and ô 8
 * (domain/vietnam.md §1.3). Marks, spelling of names and misread letters are forgiven (§6.6). When nothing is found it
 * proposes the usual place with `signing.place-guessed`. Throws `pdf.*`, `signing.no-such-page`.
 */
export function proposePlacement(options: ProposePlacementOptions): PlacementProposal {
  const { pdfPath, pageTexts, signerName, password } = options;
  const proposeOn = (pdf: PdfDocument): PlacementProposal => {
    const pages = pageTexts.map((text) => {
      const size = displayedSizeMm(pageNumbered(pdf, text.page + 1).page);
      return { number: text.page + 1, size, lines: linesOf(text, size) };
    });
    const found = pages
      .map(({ number, size, lines }) => findSigner(number, lines, size, signerName))
      .toSorted((a, b) => b.score - a.score || b.page - a.page)[0];
    const last = pages.toSorted((a, b) => b.number - a.number)[0];
    const on = pages.find(({ number }) => number === found?.page) ?? last;
    if (!on || !found) {
      const { number, page } = pageNumbered(pdf, 'last');
      return propose(options, { page: number, score: 0 }, displayedSizeMm(page), []);
    }
    return propose(options, found, on.size, on.lines);
  };
  return withPdf(pdfPath, proposeOn, { password });
}

function linesOf(page: PageText, size: { width: number; height: number }): Line[] {
  return segmentsOf(page).map(({ text, box }) => {
    const share = toPageBox(page, box);
    return {
      text,
      box: {
        x: share.x * size.width,
        y: share.y * size.height,
        w: Math.max(0.1, share.w * size.width),
        h: Math.max(0.1, share.h * size.height),
      },
    };
  });
}

const middle = ({ x, w }: MmBox): number => x + w / 2;
const foot = ({ y, h }: MmBox): number => y + h;

/** The best pair of title and name on a page. */
function findSigner(
  page: number,
  lines: readonly Line[],
  size: { width: number },
  signerName: string | undefined,
): Found {
  const blocks = titleBlocks(lines, size);
  let best: Found = { page, score: 0 };
  const offer = (found: Found): void => {
    const lower = found.name && best.name && found.score === best.score && found.name.box.y > best.name.box.y;
    if (found.score > best.score || lower) best = found;
  };
  for (const title of blocks) offer({ page, score: 0.35, title });
  for (const line of lines) {
    const matched = signerName === undefined ? 0 : nameScore(line.text, signerName);
    const byLook = looksLikeName(line.text) && middle(line.box) > size.width * SIGNER_COLUMN ? 0.6 : 0;
    const score = Math.max(matched, byLook);
    if (score === 0) continue;
    const name = { ...line, score: matched };
    const title = blocks.findLast((block) => isOver(block.box, line.box));
    const align = title ? 1 - Math.abs(middle(title.box) - middle(line.box)) / OFF_AXIS : 0;
    if (title) offer({ page, name, title, score: 0.55 * score + 0.3 + 0.15 * align });
    else if (matched > 0 && middle(line.box) > size.width * 0.4) offer({ page, name, score: 0.45 * score });
  }
  return best;
}

function isOver(title: MmBox, name: MmBox): boolean {
  const gap = name.y - foot(title);
  return gap > 0 && gap < BELOW_TITLE && Math.abs(middle(title) - middle(name)) < OFF_AXIS;
}

/** Title blocks in the signer's column: lines in capitals, one under the other, at least one of them a title. */
function titleBlocks(lines: readonly Line[], size: { width: number }): Line[] {
  const capitals = lines
    .filter(
      ({ text, box }) =>
        middle(box) > size.width * 0.3 && capitalShare(text) > 0.75 && /\p{L}{2}/u.test(text),
    )
    .toSorted((a, b) => a.box.y - b.box.y);
  const blocks: Line[][] = [];
  for (const line of capitals) {
    const block = blocks.findLast((known) => {
      const above = known.at(-1)?.box;
      return above && line.box.y - foot(above) < 6 && Math.abs(middle(above) - middle(line.box)) < OFF_AXIS;
    });
    if (block) block.push(line);
    else blocks.push([line]);
  }
  return blocks
    .filter((block) => block.some(({ text }) => isTitle(text)))
    .filter((block) =>
      block.every(({ box }) => middle(box) > size.width * SIGNER_COLUMN || box.w < size.width * 0.4),
    )
    .map((block) => ({ text: block.map(({ text }) => text).join(' / '), box: around(block) }));
}

function around(lines: readonly Line[]): MmBox {
  const x = Math.min(...lines.map(({ box }) => box.x));
  const y = Math.min(...lines.map(({ box }) => box.y));
  const right = Math.max(...lines.map(({ box }) => box.x + box.w));
  return { x, y, w: right - x, h: Math.max(...lines.map(({ box }) => foot(box))) - y };
}

function propose(
  { look, diameterMm = DIAMETER_MM, signerName }: ProposePlacementOptions,
  { page, name, title, score }: Found,
  size: { width: number; height: number },
  lines: readonly Line[],
): PlacementProposal {
  const leaderBox = signatureCell(name, title, size, lines);
  const sealBox = sealBeside(fitCentred(USUAL_PICTURE, leaderBox), { w: diameterMm, h: diameterMm });
  const warnings: SigningWarning[] = [];
  if (!name && !title) warnings.push(warning('signing.place-guessed', { page }));
  else if (signerName !== undefined && (name?.score ?? 0) === 0) {
    const found = name?.text ?? title?.text ?? '';
    warnings.push(warning('signing.signer-name-not-found', { name: signerName, page, found }));
  }
  if (name && title && leaderBox.h < TIGHT_MM)
    warnings.push(warning('signing.place-tight', { mm: Math.round(leaderBox.h) }));
  const unsure = signerName !== undefined && (name?.score ?? 0) === 0;
  return {
    page,
    box: look === 'leader' ? leaderBox : sealBox,
    leaderBox,
    sealBox,
    name: name && { text: name.text, box: name.box },
    title,
    confidence: Math.round(100 * (name || title ? Math.min(score, unsure ? 0.4 : 1) : 0.1)) / 100,
    reasons: reasonsOf(name, title),
    warnings,
  };
}

function reasonsOf(name: Found['name'], title: Found['title']): PlacementReason[] {
  const reasons: PlacementReason[] = [];
  if (name) {
    const byScore = name.score > 0.93 ? 'name-matched' : 'name-nearly-matched';
    reasons.push(name.score === 0 ? 'name-by-its-look' : byScore);
  }
  if (name && title) reasons.push('title-above-name');
  else if (title) reasons.push('title-alone');
  else reasons.push(name ? 'name-alone' : 'usual-place');
  return reasons;
}

/** The space between title and name, as wide as a picture may be; beside whichever of them was found. */
function signatureCell(
  name: Found['name'],
  title: Found['title'],
  size: { width: number; height: number },
  lines: readonly Line[],
): MmBox {
  if (!name && !title) return underText(size, lines);
  const axis = name && title ? (middle(name.box) + middle(title.box)) / 2 : middle((name ?? title)!.box);
  const w = Math.min(60, 2 * Math.min(axis - 5, size.width - 5 - axis));
  const x = axis - w / 2;
  const top = title ? foot(title.box) + GAP : Math.max(5, (name?.box.y ?? 0) - 26);
  const bottom = name ? name.box.y - GAP : Math.min(top + 26, nextBelow(top, axis, lines), size.height - 5);
  return { x, y: top, w, h: Math.max(4, bottom - top) };
}

/** Where the next line of the column begins. */
function nextBelow(top: number, axis: number, lines: readonly Line[]): number {
  const below = lines.filter(({ box }) => box.y > top && box.x < axis + 15 && box.x + box.w > axis - 15);
  return Math.min(...below.map(({ box }) => box.y - GAP));
}

/** The usual place, moved under the last text of the right column when there is room. */
function underText(size: { width: number; height: number }, lines: readonly Line[]): MmBox {
  const usual = guessedPlace(size);
  const last = Math.max(
    0,
    ...lines.filter(({ box }) => middle(box) > size.width * 0.4).map(({ box }) => foot(box)),
  );
  const y = last + 12;
  return last > 0 && y + usual.h < size.height - 20 ? { ...usual, y } : usual;
}
