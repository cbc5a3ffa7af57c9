import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, PdfString, textOf } from '../../pdf/objects.ts';
import { walkPages, type PdfPage } from '../../pdf/pages.ts';
import { AnThuError } from '../../shared/errors.ts';
import { toDisplayed, type MmBox } from './page-geometry.ts';

/** A page and its number from 1. */
export interface NumberedPage {
  readonly number: number;
  readonly page: PdfPage;
}

/** The page of a number, or the last one. Throws `signing.no-such-page`, `pdf.no-pages`. */
export function pageNumbered(pdf: PdfDocument, wanted: number | 'last'): NumberedPage {
  let found: NumberedPage | undefined;
  let number = 0;
  for (const page of walkPages(pdf)) {
    number++;
    if (wanted === 'last' || number === wanted) found = { number, page };
    if (number === wanted) break;
  }
  if (number === 0) throw new AnThuError('pdf.no-pages');
  if (!found) throw new AnThuError('signing.no-such-page', { page: wanted, pages: number });
  return found;
}

/** A form field that shows on a page. */
export interface VisibleField {
  readonly name: string;
  readonly kind: 'signature' | 'other';
  /** Signed, and drawn with a picture (a leader's handwriting, a seal). */
  readonly picture: 'signed' | 'none';
  readonly box: MmBox;
}

/** More annotations than this are not looked at. */
const MOST_ANNOTATIONS = 5000;
/** Invisible, Hidden, NoView. */
const UNSEEN = 0b100011;

/** The fields that show on a page, in its order of drawing. */
export function visibleFields(pdf: PdfDocument, page: PdfPage): VisibleField[] {
  const annotations = pdf.get(page.dict, 'Annots');
  if (!Array.isArray(annotations)) return [];
  return annotations.slice(0, MOST_ANNOTATIONS).flatMap((item) => {
    const widget = pdf.resolve(item);
    if (!(widget instanceof PdfDict) || nameOf(pdf, widget, 'Subtype') !== 'Widget') return [];
    const flags = pdf.get(widget, 'F');
    if (typeof flags === 'number' && (flags & UNSEEN) !== 0) return [];
    const box = boxOf(pdf, page, widget);
    if (!box) return [];
    const parent = pdf.getDict(widget, 'Parent');
    const type = nameOf(pdf, widget, 'FT') ?? (parent && nameOf(pdf, parent, 'FT'));
    const title = pdf.get(widget, 'T') ?? (parent ? pdf.get(parent, 'T') : null);
    const signed = type === 'Sig' && (pdf.getDict(widget, 'V') ?? (parent && pdf.getDict(parent, 'V')));
    return {
      name: title instanceof PdfString ? textOf(title) : '',
      kind: type === 'Sig' ? ('signature' as const) : ('other' as const),
      picture: signed && showsPicture(pdf, widget) ? ('signed' as const) : ('none' as const),
      box,
    };
  });
}

function boxOf(pdf: PdfDocument, page: PdfPage, widget: PdfDict): MmBox | undefined {
  const rect = pdf.get(widget, 'Rect');
  if (!Array.isArray(rect) || rect.length !== 4) return undefined;
  const [a, b, c, d] = rect.map((item) => pdf.resolve(item));
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof d !== 'number')
    return undefined;
  if (a === c || b === d) return undefined;
  return toDisplayed(page, {
    left: Math.min(a, c),
    right: Math.max(a, c),
    bottom: Math.min(b, d),
    top: Math.max(b, d),
  });
}

/** Whether a widget's appearance draws an image, itself or through one more form. */
function showsPicture(pdf: PdfDocument, widget: PdfDict): boolean {
  const appearance = pdf.getDict(widget, 'AP');
  const normal = appearance && pdf.get(appearance, 'N');
  return typeof normal === 'object' && normal !== null && 'dict' in normal
    ? drawsImage(pdf, normal.dict, 3)
    : false;
}

function drawsImage(pdf: PdfDocument, form: PdfDict, depth: number): boolean {
  const resources = pdf.getDict(form, 'Resources');
  const objects = resources && pdf.getDict(resources, 'XObject');
  if (!objects || depth === 0) return false;
  return [...objects.entries.values()].slice(0, 50).some((item) => {
    const object = pdf.resolve(item);
    if (typeof object !== 'object' || object === null || !('dict' in object)) return false;
    return nameOf(pdf, object.dict, 'Subtype') === 'Image' || drawsImage(pdf, object.dict, depth - 1);
  });
}

function nameOf(pdf: PdfDocument, dict: PdfDict, key: string): string | undefined {
  const value = pdf.get(dict, key);
  return value instanceof PdfName ? value.value : undefined;
}
