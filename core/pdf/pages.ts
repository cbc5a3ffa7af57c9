import { AnThuError } from '../shared/errors.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfDocument } from './document.ts';
import { isName, PdfDict, PdfRef, type PdfObject } from './objects.ts';

/** A rectangle in default user space, normalised. */
export interface Rectangle {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** A page with what it inherits, and how a viewer shows it. */
export interface PdfPage {
  /** Undefined when the page is (wrongly) direct. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  /** CropBox cut to MediaBox: what is shown, in user space units. */
  readonly visibleBox: Rectangle;
  /** Clockwise turn when shown. */
  readonly rotate: 0 | 90 | 180 | 270;
  /** Size of one unit in 1/72 inch. */
  readonly userUnit: number;
}

const INHERITED = ['MediaBox', 'CropBox', 'Rotate'] as const;
type Inherited = Partial<Record<(typeof INHERITED)[number], PdfObject>>;

/** Units of work (work.ts) for a node of the page tree. */
const NODE_WORK = 50;

/** Shown when a page names no MediaBox, as viewers do. */
const LETTER: Rectangle = { left: 0, bottom: 0, right: 612, top: 792 };

/**
 * The pages in order. Throws `pdf.damaged` on a loop or a broken tree, `pdf.too-many-pages` past `most`.
 */
export function* walkPages(pdf: PdfDocument, most = pdf.limits.pages): Generator<PdfPage> {
  const seenNodes = new Set<number>();
  let pages = 0;
  let visited = 0;
  const stack: { object: PdfObject; inherited: Inherited; depth: number }[] = [
    { object: pdf.catalog().get('Pages') ?? null, inherited: {}, depth: 0 },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { object, depth } = next;
    if (depth > pdf.limits.depth) throw overLimit('depth', pdf.limits.depth);
    if (++visited > most * 16 + 1000) throw damaged('page-tree');
    pdf.work.spend(NODE_WORK);
    const dict = pdf.resolve(object);
    if (!(dict instanceof PdfDict)) {
      if (depth === 0) throw damaged('page-tree');
      continue;
    }
    const inherited: Inherited = { ...next.inherited };
    for (const key of INHERITED) {
      const own = pdf.get(dict, key);
      if (own !== null) inherited[key] = own;
    }
    const kids = pdf.get(dict, 'Kids');
    if (!Array.isArray(kids)) {
      if (isName(pdf.get(dict, 'Type'), 'Pages')) continue;
      if (++pages > most) throw new AnThuError('pdf.too-many-pages', { max: most });
      yield describePage(pdf, object instanceof PdfRef ? object : undefined, dict, inherited);
      continue;
    }
    if (object instanceof PdfRef) {
      if (seenNodes.has(object.num)) throw damaged('page-tree');
      seenNodes.add(object.num);
    }
    for (let i = kids.length - 1; i >= 0; i--)
      stack.push({ object: kids[i] ?? null, inherited, depth: depth + 1 });
  }
}

/** The first page. Throws `pdf.no-pages`. */
export function firstPage(pdf: PdfDocument): PdfPage {
  for (const page of walkPages(pdf)) return page;
  throw new AnThuError('pdf.no-pages');
}

/** How many pages the page tree's root says there are; counted when it says nothing usable. */
export function declaredPageCount(pdf: PdfDocument): number {
  const root = pdf.getDict(pdf.catalog(), 'Pages');
  const count = root ? pdf.get(root, 'Count') : null;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) return count;
  let pages = 0;
  for (const page of walkPages(pdf)) pages += page ? 1 : 0;
  return pages;
}

/** Width and height of the page as shown, in millimetres. */
export function displayedSizeMm(page: PdfPage): { width: number; height: number } {
  const { left, right, top, bottom } = page.visibleBox;
  const unitMm = (page.userUnit * 25.4) / 72;
  const width = (right - left) * unitMm;
  const height = (top - bottom) * unitMm;
  return page.rotate % 180 === 0 ? { width, height } : { width: height, height: width };
}

function describePage(
  pdf: PdfDocument,
  ref: PdfRef | undefined,
  dict: PdfDict,
  inherited: Inherited,
): PdfPage {
  const media = rectangleOf(pdf, inherited.MediaBox) ?? LETTER;
  const crop = rectangleOf(pdf, inherited.CropBox);
  const unit = pdf.get(dict, 'UserUnit');
  return {
    ref,
    dict,
    visibleBox: (crop && intersection(crop, media)) ?? media,
    rotate: turnOf(pdf.resolve(inherited.Rotate)),
    userUnit: typeof unit === 'number' && unit > 0 ? unit : 1,
  };
}

function turnOf(value: PdfObject): PdfPage['rotate'] {
  if (typeof value !== 'number') return 0;
  const turn = ((value % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}

function rectangleOf(pdf: PdfDocument, value: PdfObject | undefined): Rectangle | undefined {
  if (!Array.isArray(value) || value.length < 4) return undefined;
  const [a, b, c, d] = value.slice(0, 4).map((item) => pdf.resolve(item));
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof d !== 'number')
    return undefined;
  const box = {
    left: Math.min(a, c),
    bottom: Math.min(b, d),
    right: Math.max(a, c),
    top: Math.max(b, d),
  };
  return box.right > box.left && box.top > box.bottom ? box : undefined;
}

function intersection(a: Rectangle, b: Rectangle): Rectangle | undefined {
  const box = {
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.min(a.right, b.right),
    top: Math.min(a.top, b.top),
  };
  return box.right > box.left && box.top > box.bottom ? box : undefined;
}
