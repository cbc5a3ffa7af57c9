import type { PdfDocument } from '../../pdf/document.ts';
import { displayedSizeMm } from '../../pdf/pages.ts';
import { AnThuError } from '../../shared/errors.ts';
import { arrivalStampMm } from '../appearance/arrival-stamp.ts';
import { blockWidthOn, placeTopRight } from '../appearance/block-layout.ts';
import type { InkPicture } from '../appearance/ink-picture.ts';
import type { AppearanceOf } from '../appearance/look-schema.ts';
import { lookParagraphs, type TextLook } from '../appearance/look-text.ts';
import { setTextBlock, type TextBlock } from '../appearance/text-block.ts';
import type { SigningWarning } from '../prepared-signature.ts';
import { warning } from '../../shared/warning.ts';
import {
  anywhere,
  firstFreeSpot,
  inkUnder,
  meetsField,
  nearbySpots,
  stampSpots,
  topMarginSpots,
  type Surroundings,
} from './free-spot.ts';
import type { InkMap } from './ink-map.ts';
import type { NumberedPage, VisibleField } from './other-fields.ts';
import { coveredShare, isInside, POINTS_PER_MM, type MmBox } from './page-geometry.ts';
import { DIAMETER_MM, fitCentred, guessedPlace, sealBeside, sealSpots } from './picture-place.ts';

/** A page on which a look is to be placed, and what is already there. */
export interface Ground {
  readonly pdf: PdfDocument;
  readonly page: NumberedPage;
  readonly fields: readonly VisibleField[];
  /** Absent when the page was not rendered. */
  readonly ink?: InkMap;
}

/** Where a look will stand. */
export interface PlannedLook {
  readonly box: MmBox;
  readonly warnings: readonly SigningWarning[];
}

/** A text look's place and its text. */
export interface PlannedText extends PlannedLook {
  readonly block: TextBlock;
}

/** A shift by less is not worth a warning. Millimetres. */
const WORTH_SAYING = 2;

/** Room for rounding when a block is set again for a place that was made for it. Points. */
const WRAP_SLACK = 0.6;

/**
 * Sets a text look and finds its place: the prescribed one at the top right, or a free spot near it; with `place.rect`
 * the top right of that. `obstacles` are boxes to keep clear of besides the page's fields. Throws
 * `signing.page-too-small`, `signing.outside-page`, `signing.overlaps-field`, `signing.text-not-drawable`.
 */
export async function planText(
  ground: Ground,
  look: TextLook,
  signingTime: Date,
  obstacles: readonly MmBox[] = [],
): Promise<PlannedText> {
  const { page } = ground.page;
  const rect = look.place?.rect;
  const width = rect ? rect.w * POINTS_PER_MM + WRAP_SLACK : blockWidthOn(page);
  const block = await setTextBlock(lookParagraphs(look, signingTime), width);
  const around = surroundings(ground, obstacles);
  if (rect) {
    const w = block.width / POINTS_PER_MM;
    const box = { x: rect.x + rect.w - w, y: rect.y, w, h: block.height / POINTS_PER_MM };
    return { block, ...keepGiven(ground, box, around, look.place?.ink) };
  }
  const wanted = placeTopRight(page, block.width, block.height);
  return { block, ...findSpot(ground, wanted, topMarginSpots(wanted), around) };
}

/** Fits a leader's picture into `place.rect` (ô 7c). Throws as {@link planText}. */
export function planLeader(
  ground: Ground,
  look: AppearanceOf<'leader'>,
  picture: Pick<InkPicture, 'width' | 'height'>,
): PlannedLook {
  const rect = look.place?.rect;
  const around = surroundings(ground);
  if (rect) return keepGiven(ground, fitCentred(picture, rect), around, look.place?.ink);
  const wanted = fitCentred(picture, guessedPlace(around.size));
  const planned = findSpot(ground, wanted, nearbySpots(wanted, { x: 20, y: 40 }), around);
  return { ...planned, warnings: [guessed(ground), ...planned.warnings] };
}

/**
 * Puts a seal of actual size over the left third of the leader's picture (ô 8; domain/vietnam.md §1.3 (b)), or in the
 * middle of `place.rect`. Throws as {@link planText}.
 */
export function planSeal(
  ground: Ground,
  look: AppearanceOf<'agency-seal'>,
  picture: Pick<InkPicture, 'width' | 'height'>,
): PlannedLook {
  const w = look.diameterMm ?? DIAMETER_MM;
  const size = { w, h: (w * picture.height) / picture.width };
  const leader = leaderField(ground);
  const rect = look.place?.rect;
  const warnings =
    leader || look.place?.ink === 'checked'
      ? []
      : [warning('signing.no-leader-signature', { page: ground.page.number })];
  const wanted = rect
    ? { x: rect.x + rect.w / 2 - size.w / 2, y: rect.y + rect.h / 2 - size.h / 2, ...size }
    : sealBeside(leader?.box ?? guessedPlace(displayedSizeMm(ground.page.page)), size);
  const others = ground.fields.filter((field) => field !== leader);
  const around = surroundings({ ...ground, fields: others });
  if (leader && coveredShare(leader.box, wanted) > 0.5)
    throw new AnThuError('signing.overlaps-field', { field: leader.name });
  if (rect) {
    const planned = keepGiven(ground, wanted, around, look.place?.ink, 'ellipse');
    return { ...planned, warnings: [...warnings, ...planned.warnings] };
  }
  if (!leader) warnings.push(guessed(ground));
  const planned = findSpot(ground, wanted, sealSpots(wanted), around, 'ellipse');
  return { ...planned, warnings: [...warnings, ...planned.warnings] };
}

/** Finds a place for the stamp ĐẾN; with `place.rect`, its top left. Throws as {@link planText}. */
export function planStamp(ground: Ground, look: AppearanceOf<'arrival-stamp'>): PlannedLook {
  const size = displayedSizeMm(ground.page.page);
  const around = surroundings(ground);
  const rect = look.place?.rect;
  if (rect) return keepGiven(ground, { x: rect.x, y: rect.y, ...arrivalStampMm }, around, look.place?.ink);
  const wanted = { x: 20, y: 58, ...arrivalStampMm };
  if (!isInside(wanted, size)) throw new AnThuError('signing.page-too-small');
  const usual = firstFreeSpot(stampSpots(wanted, size), around);
  if (usual && around.ink) return { box: usual, warnings: [] };
  return findSpot(ground, wanted, anywhere(wanted, size), around);
}

/** The field in which the authorised person signed with a picture: the last one drawn on the page. */
export function leaderField({ fields }: Pick<Ground, 'fields'>): VisibleField | undefined {
  return fields.findLast(({ kind, picture }) => kind === 'signature' && picture === 'signed');
}

function surroundings(ground: Ground, obstacles: readonly MmBox[] = []): Surroundings {
  return {
    size: displayedSizeMm(ground.page.page),
    fields: [...ground.fields.map(({ box }) => box), ...obstacles],
    ink: ground.ink,
  };
}

/** A place somebody chose: held to the page, kept off other fields, and not moved. */
function keepGiven(
  ground: Ground,
  box: MmBox,
  around: Surroundings,
  checked: 'checked' | 'unchecked' | undefined,
  shape: 'box' | 'ellipse' = 'box',
): PlannedLook {
  if (!isInside(box, around.size)) {
    const [width, height] = [around.size.width, around.size.height].map(Math.round);
    throw new AnThuError('signing.outside-page', { page: ground.page.number, width, height });
  }
  refuseFields(ground, box, around);
  if (checked === 'checked') return { box, warnings: [] };
  return { box, warnings: inkWarnings(ground, box, around, shape) };
}

/** The first free spot, and a warning when it is not the prescribed one or when there is none. */
function findSpot(
  ground: Ground,
  wanted: MmBox,
  spots: Iterable<MmBox>,
  around: Surroundings,
  shape: 'box' | 'ellipse' = 'box',
): PlannedLook {
  const tried = [...spots];
  const unchecked = around.ink ? [] : [warning('signing.place-not-checked')];
  const free = firstFreeSpot(tried, around, shape);
  if (free) {
    const [dx, dy] = [Math.round(free.x - wanted.x), Math.round(free.y - wanted.y)];
    const moved = Math.hypot(dx, dy) < WORTH_SAYING ? [] : [warning('signing.place-shifted', { dx, dy })];
    return { box: free, warnings: [...moved, ...unchecked] };
  }
  const least = leastInk(tried, around, shape) ?? wanted;
  if (!isInside(least, around.size)) throw new AnThuError('signing.page-too-small');
  refuseFields(ground, least, around);
  return { box: least, warnings: inkWarnings(ground, least, around, shape) };
}

function leastInk(
  spots: readonly MmBox[],
  around: Surroundings,
  shape: 'box' | 'ellipse',
): MmBox | undefined {
  let best: { box: MmBox; ink: number } | undefined;
  for (const box of spots) {
    if (!isInside(box, around.size) || meetsField(box, around)) continue;
    const ink = inkUnder(box, around, shape);
    if (!best || ink < best.ink * 0.95) best = { box, ink };
  }
  return best?.box;
}

function refuseFields(ground: Ground, box: MmBox, around: Surroundings): void {
  if (!meetsField(box, around)) return;
  const field = ground.fields.find((other) => coveredShare(box, other.box) > 0);
  throw new AnThuError('signing.overlaps-field', { field: field?.name ?? '' });
}

function inkWarnings(
  ground: Ground,
  box: MmBox,
  around: Surroundings,
  shape: 'box' | 'ellipse',
): SigningWarning[] {
  if (!around.ink) return [warning('signing.place-not-checked')];
  const mm2 = Math.round(inkUnder(box, around, shape));
  return mm2 > 0 ? [warning('signing.covers-ink', { page: ground.page.number, mm2 })] : [];
}

function guessed({ page }: Ground): SigningWarning {
  return warning('signing.place-guessed', { page: page.number });
}
