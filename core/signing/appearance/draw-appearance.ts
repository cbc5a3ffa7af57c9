import type { PdfDocument } from '../../pdf/document.ts';
import type { IncrementalUpdate } from '../../pdf/incremental-update.ts';
import type { PdfRef } from '../../pdf/objects.ts';
import { firstPage, type PdfPage, type Rectangle } from '../../pdf/pages.ts';
import { numberText } from '../../pdf/serialize.ts';
import { readSignedFields } from '../../pdf/signed-fields.ts';
import { AnThuError } from '../../shared/errors.ts';
import { MOST_PAGES } from '../most-pages.ts';
import { planLeader, planSeal, planStamp, planText, type Ground } from '../placement/plan-look.ts';
import { groundOf } from '../placement/ground.ts';
import { DIAMETER_MM, leaderPictureMm } from '../placement/picture-place.ts';
import {
  POINTS_PER_MM,
  toDisplayed,
  toUserSpace,
  uprightMatrix,
  type MmBox,
} from '../placement/page-geometry.ts';
import type { SigningWarning } from '../prepared-signature.ts';
import { arrivalStampForm } from './arrival-stamp.ts';
import { drawOnPage } from './draw-on-page.ts';
import { addEmptyForm, addForm, type FormContent } from './form-import.ts';
import { readInkPicture } from './ink-picture.ts';
import type { AppearanceOf, SignatureAppearance } from './look-schema.ts';
import { lookParagraphs, type TextLook } from './look-text.ts';
import { masksFor } from './pdfa-claim.ts';
import { pictureForm } from './picture-form.ts';
import { setTextBlock } from './text-block.ts';

/** What a signature's widget needs to show its look. */
export interface DrawnAppearance {
  /** The page on which the widget stands, as it will be after this update. */
  readonly page: PdfPage;
  /** In user space; zeros when nothing shows. */
  readonly rect: readonly [number, number, number, number];
  readonly form: PdfRef;
  readonly warnings: readonly SigningWarning[];
}

export interface DrawAppearanceOptions {
  readonly appearance: SignatureAppearance;
  readonly signingTime: Date;
  /** The widget of an existing field, into which the look is fitted instead of being placed. */
  readonly field?: { readonly page: PdfPage; readonly rect: Rectangle };
}

/**
 * Draws a look into the update: a text block, a picture, a seal, or the stamp ĐẾN on the page with its text block. Where
 * it stands is planned without looking at the page's pixels (`signing.place-not-checked`) unless resolvePlacement did so
 * before. Throws `signing.page-too-small`, `signing.outside-page`, `signing.overlaps-field`, `signing.no-such-page`,
 * `signing.stamp-on-signed`, `signing.text-not-drawable`, `signing.image-*`, `pdf.*`.
 */
export async function drawAppearance(
  update: IncrementalUpdate,
  pdf: PdfDocument,
  options: DrawAppearanceOptions,
): Promise<DrawnAppearance> {
  const { appearance, field } = options;
  if (appearance.kind === 'none' || (field && !hasArea(field.rect))) {
    const page = field?.page ?? firstPage(pdf);
    return { page, rect: [0, 0, 0, 0], form: addEmptyForm(update), warnings: [] };
  }
  if (appearance.kind === 'arrival-stamp') return drawStamp(update, pdf, appearance, options);
  if (field) return drawIntoField(update, pdf, appearance, options.signingTime, field);
  const ground = groundOf(pdf, appearance);
  return drawPlaced(update, ground, appearance, options.signingTime);
}

type PlacedLook = Exclude<SignatureAppearance, { kind: 'none' | 'arrival-stamp' }>;

async function drawPlaced(
  update: IncrementalUpdate,
  ground: Ground,
  look: PlacedLook,
  signingTime: Date,
  obstacles: readonly MmBox[] = [],
): Promise<DrawnAppearance> {
  const { page } = ground.page;
  if (look.kind !== 'leader' && look.kind !== 'agency-seal') {
    const { block, box, warnings } = await planText(ground, look, signingTime, obstacles);
    return finish(update, page, box, { ...block, fonts: { F1: block.font } }, warnings);
  }
  const picture = await readInkPicture(look.imagePath, look.kind === 'leader' ? 'handwriting' : 'seal');
  const { box, warnings } =
    look.kind === 'leader' ? planLeader(ground, look, picture) : planSeal(ground, look, picture);
  const form = pictureForm(update, picture, pointsOf(box), masksFor(ground.pdf));
  return finish(update, page, box, form, [...picture.warnings, ...warnings]);
}

/** The stamp goes on the page itself, the block of a digitized arrival into the signature. */
async function drawStamp(
  update: IncrementalUpdate,
  pdf: PdfDocument,
  look: AppearanceOf<'arrival-stamp'>,
  { signingTime, field }: DrawAppearanceOptions,
): Promise<DrawnAppearance> {
  if (readSignedFields(pdf, MOST_PAGES).length > 0) throw new AnThuError('signing.stamp-on-signed');
  const ground = groundOf(pdf, look);
  const { box, warnings } = planStamp(ground, look);
  const stamp = addForm(update, await arrivalStampForm(look.stamp, signingTime), [1, 0, 0, 1, 0, 0]);
  const page = drawOnPage(update, pdf, ground.page.page, stamp, box);
  const block: AppearanceOf<'digitized-arrival'> = {
    kind: 'digitized-arrival',
    agencyName: look.stamp.agencyName,
    place: { rect: look.place?.block, ink: look.place?.ink },
  };
  const signature = field
    ? await drawIntoField(update, pdf, block, signingTime, field)
    : await drawPlaced(update, { ...ground, page: { ...ground.page, page } }, block, signingTime, [box]);
  return { ...signature, warnings: unique([...warnings, ...signature.warnings]) };
}

async function drawIntoField(
  update: IncrementalUpdate,
  pdf: PdfDocument,
  look: PlacedLook,
  signingTime: Date,
  { page, rect }: { readonly page: PdfPage; readonly rect: Rectangle },
): Promise<DrawnAppearance> {
  const size = pointsOf(toDisplayed(page, rect));
  const { form, warnings } = await lookContent(update, pdf, look, signingTime, size);
  const scale = Math.min(1, size.width / form.width, size.height / form.height);
  const isText = look.kind !== 'leader' && look.kind !== 'agency-seal';
  const x = (size.width - form.width * scale) / (isText ? 1 : 2);
  const y = (size.height - form.height * scale) / (isText ? 1 : 2);
  const [s, tx, ty] = [scale, x, y].map((value) => numberText(Math.round(value * 1e4) / 1e4));
  const content = `q\n${s} 0 0 ${s} ${tx} ${ty} cm\n${form.content}Q\n`;
  return {
    page,
    rect: [rect.left, rect.bottom, rect.right, rect.top],
    form: addForm(update, { ...form, ...size, content }, uprightMatrix(page)),
    warnings,
  };
}

async function lookContent(
  update: IncrementalUpdate,
  pdf: PdfDocument,
  look: PlacedLook,
  signingTime: Date,
  size: { readonly width: number; readonly height: number },
): Promise<{ form: FormContent; warnings: readonly SigningWarning[] }> {
  if (look.kind !== 'leader' && look.kind !== 'agency-seal') {
    const block = await setTextBlock(
      lookParagraphs(look satisfies TextLook, signingTime),
      Math.max(60, size.width),
    );
    return { form: { ...block, fonts: { F1: block.font } }, warnings: [] };
  }
  const picture = await readInkPicture(look.imagePath, look.kind === 'leader' ? 'handwriting' : 'seal');
  const most = look.kind === 'leader' ? leaderPictureMm.w : (look.diameterMm ?? DIAMETER_MM);
  const width = Math.min(size.width, most * POINTS_PER_MM);
  const scale = Math.min(width / picture.width, size.height / picture.height);
  const fitted = { width: picture.width * scale, height: picture.height * scale };
  return { form: pictureForm(update, picture, fitted, masksFor(pdf)), warnings: picture.warnings };
}

function finish(
  update: IncrementalUpdate,
  page: PdfPage,
  box: MmBox,
  form: FormContent,
  warnings: readonly SigningWarning[],
): DrawnAppearance {
  const { left, bottom, right, top } = toUserSpace(page, box);
  const [a, b, c, d] = [left, bottom, right, top].map((value) => Math.round(value * 1000) / 1000) as [
    number,
    number,
    number,
    number,
  ];
  return { page, rect: [a, b, c, d], form: addForm(update, form, uprightMatrix(page)), warnings };
}

function pointsOf({ w, h }: MmBox): { width: number; height: number } {
  return { width: w * POINTS_PER_MM, height: h * POINTS_PER_MM };
}

function hasArea({ left, right, bottom, top }: Rectangle): boolean {
  return right > left && top > bottom;
}

function unique(warnings: readonly SigningWarning[]): SigningWarning[] {
  return warnings.filter(({ code }, index) => warnings.findIndex((other) => other.code === code) === index);
}
