import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { readFontText, type FontText } from './appearance/font-text.ts';
import type { KnownOutlines } from './appearance/known-outlines.ts';
import { readTextRuns, type Box, type DrawnText, type TextRun } from './appearance/text-runs.ts';

/** Both states of the file, and what is known of the signed one. */
interface AppearanceContext {
  readonly after: PdfDocument;
  /** Everything the signed revision leads to, by object number. */
  readonly referenced: Pick<ReadonlySet<number>, 'has'>;
  readonly outlines: KnownOutlines;
}

/** A field as it was signed and what it should show now. */
export interface ShownField {
  readonly value: string;
  /** The widget's rectangle and its /MK as signed. */
  readonly rect: PdfObject;
  readonly background: PdfObject;
  readonly border: PdfObject;
  /** /Matrix of the appearance as signed; undefined when there was none. */
  readonly matrix: PdfObject | undefined;
}

const standardFont =
  /^(?:Helvetica|Times-Roman|Times|Courier)(?:-(?:Bold|Oblique|BoldOblique|Italic|BoldItalic))?$/;
const standardKeys: ReadonlySet<string> = new Set(['Type', 'Subtype', 'BaseFont', 'Encoding', 'Name']);

/** A standard font that no program is embedded for and that has no mapping of its own. */
export function isStandardFont(pdf: PdfDocument, font: PdfDict): boolean {
  const name = pdf.get(font, 'BaseFont');
  const encoding = pdf.get(font, 'Encoding');
  return (
    [...font.entries.keys()].every((key) => standardKeys.has(key)) &&
    name instanceof PdfName &&
    standardFont.test(name.value) &&
    (encoding === null || encoding instanceof PdfName)
  );
}

/**
 * What a font of an appearance shows: one that the signed revision leads to, by its own dictionary; one added
 * later only when it is a standard one, or when its glyphs are known (known-outlines.ts).
 */
function readHonestFont(
  { after, referenced, outlines }: AppearanceContext,
  written: PdfObject,
): FontText | undefined {
  const font = after.resolve(written);
  if (!(font instanceof PdfDict)) return undefined;
  const isSigned = written instanceof PdfRef && referenced.has(written.num);
  return isSigned || isStandardFont(after, font) ? readFontText(after, font) : outlines.read(after, font);
}

/** Fonts by name; undefined when the appearance has any other resource. */
function readFonts(context: AppearanceContext, stream: PdfStream): ReadonlyMap<string, FontText> | undefined {
  const { after } = context;
  const found = new Map<string, FontText>();
  const resources = after.get(stream.dict, 'Resources');
  if (resources === null) return found;
  if (!(resources instanceof PdfDict) || resources.duplicates.length > 0) return undefined;
  for (const [key, written] of resources.entries) {
    if (key === 'ProcSet') continue;
    const fonts = after.resolve(written);
    if (key !== 'Font' || !(fonts instanceof PdfDict) || fonts.duplicates.length > 0) return undefined;
    for (const [name, font] of fonts.entries) {
      const text = readHonestFont(context, font);
      if (text) found.set(name, text);
    }
  }
  return found;
}

const streamKeys: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'FormType', 'BBox', 'Matrix', 'Resources', 'Length', 'Filter', 'DecodeParms',
]); // prettier-ignore

const plain = (text: string): string => text.normalize('NFC').replace(/[\s\0]+/g, '');

/**
 * Whether a field's appearance shows its value and nothing else: upright text in the order it is read, in fonts that do
 * not lie, within a box no larger than the field, on the ground that the signed field has (findings/pdf-attacks.md,
 * "value versus appearance"; docs/decisions/changes-after-signing.md).
 */
export function appearanceShows(
  context: AppearanceContext,
  appearance: PdfObject,
  field: ShownField,
): boolean {
  const { after } = context;
  if (!(appearance instanceof PdfStream) || appearance.dict.duplicates.length > 0) return false;
  if (![...appearance.dict.entries.keys()].every((key) => streamKeys.has(key))) return false;
  const box = boxOf(after, after.get(appearance.dict, 'BBox'));
  if (!box || !fitsField(after, box, field.rect)) return false;
  if (!isUpright(after, after.get(appearance.dict, 'Matrix'), field.matrix)) return false;
  const fonts = readFonts(context, appearance);
  const drawn = readTextRuns(after, appearance, box);
  if (!fonts || !drawn) return false;
  if (drawn.stroked && field.border === null) return false;
  const ground = drawn.grounds.length > 0 ? brightness(after, field.background) : 1;
  const isSigned = (gray: number): boolean =>
    field.background !== null && Math.abs(gray - ground) < contrast / 2;
  if (!drawn.grounds.every(isSigned)) return false;
  return shownText(drawn, fonts, ground) === plain(field.value);
}

/** Tolerance in units of the page, and in parts of the letters' height. */
const near = 1;
/** A letter's colour must differ so much from its ground. */
const contrast = 0.15;
/** The smallest letters of a value, as a part of the largest. */
const smallestShare = 0.6;

/** The text as it is read, without spaces; undefined when letters are hidden, cut off, or drawn out of order. */
function shownText(
  { runs }: DrawnText,
  fonts: ReadonlyMap<string, FontText>,
  ground: number,
): string | undefined {
  let text = '';
  let last: { readonly y: number; readonly end: number; readonly size: number } | undefined;
  let [smallest, largest] = [Number.POSITIVE_INFINITY, 0];
  for (const run of runs) {
    const font = fonts.get(run.font);
    if (!font || run.bytes.length % font.codeBytes !== 0) return undefined;
    const [part, width] = readRun(run, font);
    if (part === undefined) return undefined;
    const start = run.continues && last ? last.end : run.x;
    const end = start + width;
    text += part;
    if (plain(part) !== '') {
      const [left, bottom, right, top] = run.clip;
      // A small box may be drawn large: what is little of it can be much of a letter.
      const [slack, foot] = [Math.min(near, 0.15 * run.size), run.y + run.rise];
      const isInside =
        start >= left - slack && end <= right + slack + 0.1 * run.size && foot >= bottom - 0.3 * run.size &&
        foot + 0.5 * run.size <= top + slack; // prettier-ignore
      if (!isInside || Math.abs(run.gray - ground) < contrast) return undefined;
      if (last && !run.continues) {
        const small = Math.min(run.size, last.size);
        const follows = Math.abs(run.y - last.y) < 0.2 * small && start >= last.end - 0.2 * small;
        const isBelow = run.y <= last.y - 0.5 * small;
        if (!follows && !isBelow) return undefined;
      }
      last = { y: run.y, end, size: run.size };
      smallest = Math.min(smallest, run.size);
      largest = Math.max(largest, run.size);
    }
  }
  // One value is written in one size: small digits behind a large one would be overlooked.
  if (smallest < smallestShare * largest) return undefined;
  return plain(text);
}

function readRun(run: TextRun, font: FontText): [text: string | undefined, width: number] {
  let text = '';
  let width = run.kerning;
  const { bytes } = run;
  for (let at = 0; at < bytes.length; at += font.codeBytes) {
    const code = font.codeBytes === 1 ? (bytes[at] ?? 0) : (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    const letter = font.textOf(code);
    if (letter === undefined) return [undefined, 0];
    text += letter;
    width += font.widthOf(code) * run.size * run.stretch + run.characterSpace;
    if (font.codeBytes === 1 && code === 0x20) width += run.wordSpace;
  }
  return [text, width];
}

function numbers(pdf: PdfDocument, object: PdfObject | undefined): number[] | undefined {
  const list = pdf.resolve(object);
  if (!Array.isArray(list)) return undefined;
  const found = list.map((item) => pdf.resolve(item));
  return found.every((item) => typeof item === 'number') ? found : undefined;
}

function boxOf(pdf: PdfDocument, object: PdfObject): Box | undefined {
  const found = numbers(pdf, object);
  if (found?.length !== 4) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = found;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Brightness of a colour of one, three or four parts; white when there is none. */
function brightness(pdf: PdfDocument, color: PdfObject): number {
  const parts = numbers(pdf, color) ?? [];
  const [a = 1, b = 0, c = 0, d = 0] = parts;
  if (parts.length === 3) return 0.3 * a + 0.59 * b + 0.11 * c;
  if (parts.length === 4) return Math.max(0, 1 - 0.3 * a - 0.59 * b - 0.11 * c - d);
  return a;
}

/** The appearance's matrix is the one it was signed with, or turns nothing: a 6 on its head is a 9. */
function isUpright(pdf: PdfDocument, written: PdfObject, signed: PdfObject | undefined): boolean {
  const usual = [1, 0, 0, 1, 0, 0];
  const matrix = written === null ? usual : numbers(pdf, written);
  const allowed = signed === undefined || signed === null ? usual : numbers(pdf, signed);
  if (matrix?.length !== 6 || !allowed) return false;
  const [a = 0, b = 0, c = 0, d = 0] = matrix;
  const isUnturned = a > 0 && d > 0 && b === 0 && c === 0;
  // Where it is put does not matter: viewers move the box into the field's rectangle.
  return isUnturned || matrix.slice(0, 4).every((value, index) => value === allowed[index]);
}

function fitsField(pdf: PdfDocument, [left, bottom, right, top]: Box, rect: PdfObject): boolean {
  const place = boxOf(pdf, pdf.resolve(rect));
  if (!place) return false;
  const [width, height] = [place[2] - place[0] + near, place[3] - place[1] + near];
  const [boxWidth, boxHeight] = [right - left, top - bottom];
  return (
    (boxWidth <= width && boxHeight <= height) || (boxWidth <= height && boxHeight <= width) // turned by /MK /R
  );
}
