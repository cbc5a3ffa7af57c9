import {
  signingConcernSeverities,
  signingConcerns,
  type SigningConcern,
  type SigningConcernCode,
} from '../contract/verification-concerns.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfName, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { walkPages, type PdfPage } from '../pdf/pages.ts';
import { pushParts } from '../pdf/parts.ts';
import { AnThuError } from '../shared/errors.ts';
import { InvisibleTextSearch } from './invisible-text.ts';
import { surveyObjects } from './object-survey.ts';

/** Objects that nothing leads to, looked at one by one; beyond it the signer is told that not all was seen. */
const maximumObjects = 200_000;
/** Lookups of numbers in sections, to find those objects. */
const maximumLookups = 20_000_000;
const maximumPlaces = 20;

/** Collects concerns by code, a few places each. */
class Concerns {
  readonly #found = new Map<SigningConcernCode, { object: string; page: number | null }[]>();

  add(code: SigningConcernCode, object?: number, page?: number): void {
    const places = this.#found.get(code) ?? [];
    this.#found.set(code, places);
    if (object !== undefined && places.length < maximumPlaces)
      places.push({ object: `${object} 0`, page: page ?? null });
  }

  list(): SigningConcern[] {
    return [...this.#found].map(([code, places]) => ({
      code,
      text: signingConcerns[code].vi,
      severity: signingConcernSeverities[code],
      places,
    }));
  }
}

const nameOf = (pdf: PdfDocument, dict: PdfDict, key: string): string | undefined => {
  const value = pdf.get(dict, key);
  return value instanceof PdfName ? value.value : undefined;
};

/**
 * What a signer should be told about a file before signing it (findings/signing-peers.md §3.5, "Shadow attacks"): things
 * prepared to come to life later, and things that show differently elsewhere. Never throws for what the file holds.
 */
export function inspectBeforeSigning(pdf: PdfDocument): SigningConcern[] {
  const concerns = new Concerns();
  asFar(concerns, () => inspect(pdf, concerns));
  return concerns.list();
}

function inspect(pdf: PdfDocument, concerns: Concerns): void {
  inspectCatalog(pdf, pdf.catalog(), concerns);
  const pages = pagesAsFar(pdf, concerns);
  // One look that reaches its bound says so, and the others go on.
  asFar(concerns, () => inspectObjects(pdf, pages, concerns));
  asFar(concerns, () => inspectContents(pdf, pages, concerns));
}

function asFar(concerns: Concerns, look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof AnThuError)) throw error;
    concerns.add('concern.not-fully-inspected');
  }
}

/** Looks at everything that the trailer leads to, and then at what nothing leads to. */
function inspectObjects(pdf: PdfDocument, pages: readonly PdfPage[], concerns: Concerns): void {
  const { reached, unreadable } = surveyObjects(pdf, {
    pages,
    visit(num, object, page) {
      if (object !== null) inspectReachable(pdf, num, object, page, concerns);
      else if (page !== undefined && pdf.entry(num) === undefined)
        concerns.add('concern.dangling-references', num, page);
    },
  });
  if (unreadable > 0) concerns.add('concern.not-fully-inspected');
  const highest = Math.max(...pdf.sections.map((section) => section.highest));
  const last = Math.min(highest, Math.floor(maximumLookups / pdf.sections.length));
  if (last < highest) concerns.add('concern.not-fully-inspected');
  let waste = 0;
  for (let num = 1; num <= last; num++) {
    if (reached.has(num) || !pdf.entry(num)) continue;
    if (++waste > maximumObjects) {
      concerns.add('concern.not-fully-inspected');
      break;
    }
    readable(() => inspectUnreachable(pdf, num, pdf.peek(num), concerns));
  }
}

function inspectContents(pdf: PdfDocument, pages: readonly PdfPage[], concerns: Concerns): void {
  const invisible = new InvisibleTextSearch(pdf);
  for (const [index, page] of pages.entries()) {
    const found = invisible.search(page);
    if (found === 'found') concerns.add('concern.invisible-text', page.ref?.num, index);
    else if (found === 'unknown') concerns.add('concern.not-fully-inspected', page.ref?.num, index);
  }
}

/** The pages; those before the trouble where the tree is broken or too large. */
function pagesAsFar(pdf: PdfDocument, concerns: Concerns): PdfPage[] {
  const pages: PdfPage[] = [];
  asFar(concerns, () => {
    for (const page of walkPages(pdf)) pages.push(page);
  });
  return pages;
}

/** What reading gives; undefined where the file is broken, which must not keep the rest from being looked at. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AnThuError) return undefined;
    throw error;
  }
}

function inspectCatalog(pdf: PdfDocument, catalog: PdfDict, concerns: Concerns): void {
  const layers = pdf.getDict(catalog, 'OCProperties');
  const groups = layers ? pdf.get(layers, 'OCGs') : null;
  if (Array.isArray(groups) && groups.length > 0) concerns.add('concern.optional-content');
  const names = pdf.getDict(catalog, 'Names');
  if (names?.get('JavaScript') !== undefined) concerns.add('concern.javascript');
  const opening = pdf.get(catalog, 'OpenAction');
  // An array only says where to begin reading.
  const action = opening instanceof PdfDict ? nameOf(pdf, opening, 'S') : undefined;
  if ((action !== undefined && action !== 'GoTo') || catalog.get('AA') !== undefined)
    concerns.add('concern.automatic-action');
  const form = pdf.getDict(catalog, 'AcroForm');
  if (form?.get('XFA') !== undefined) concerns.add('concern.javascript');
}

/** /Hidden and /NoView of an annotation's flags. */
const hiddenFlags = 0b10_0010;

function inspectReachable(
  pdf: PdfDocument,
  num: number,
  object: PdfObject,
  page: number | undefined,
  concerns: Concerns,
): void {
  for (const dict of dictionariesOf(object)) {
    if (nameOf(pdf, dict, 'S') === 'JavaScript' || dict.get('JS') !== undefined)
      concerns.add('concern.javascript', num, page);
    if (nameOf(pdf, dict, 'Type') === 'Font' && !isEmbedded(pdf, dict))
      concerns.add('concern.font-not-embedded', num, page);
    const flags = pdf.get(dict, 'F');
    const isAnnotation = dict.get('Rect') !== undefined && nameOf(pdf, dict, 'Subtype') !== 'Popup';
    if (isAnnotation && typeof flags === 'number' && flags & hiddenFlags && hasArea(pdf, dict))
      concerns.add('concern.hidden-annotation', num, page);
  }
}

/** The dictionary of an object and those written inside it. */
function dictionariesOf(object: PdfObject): PdfDict[] {
  const found: PdfDict[] = [];
  const waiting = [object];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PdfDict) found.push(next);
    pushParts(next, waiting);
  }
  return found;
}

function hasArea(pdf: PdfDocument, dict: PdfDict): boolean {
  const rect = pdf.get(dict, 'Rect');
  const [a, b, c, d] = Array.isArray(rect) ? rect.slice(0, 4).map((item) => pdf.resolve(item)) : [];
  return a !== c && b !== d;
}

function isEmbedded(pdf: PdfDocument, font: PdfDict): boolean {
  const subtype = nameOf(pdf, font, 'Subtype');
  if (subtype === 'Type0' || subtype === 'Type3') return true; // its descendant is judged; its glyphs are content
  const descriptor = pdf.getDict(font, 'FontDescriptor');
  return ['FontFile', 'FontFile2', 'FontFile3'].some((key) => descriptor?.get(key) !== undefined);
}

/** Longest stream that can be nothing but the frame of a value. */
const EMPTY_VALUE_BYTES = 64;

/** The appearance of a text field that nobody had filled in: whoever fills it leaves this behind, and it shows nothing. */
function isEmptyValue(pdf: PdfDocument, stream: PdfStream): boolean {
  const length = pdf.get(stream.dict, 'Length');
  if (typeof length !== 'number' || length > EMPTY_VALUE_BYTES || stream.dict.get('Filter') !== undefined)
    return false;
  const content = Buffer.from(pdf.decodeStream(stream)).toString('latin1');
  return /^\s*\/Tx\s+BMC\s+(?:q\s+Q\s+)?EMC\s*$/.test(content);
}

/** What nothing leads to is waste in most files, and ammunition in a prepared one; only what can be shown counts. */
function inspectUnreachable(pdf: PdfDocument, num: number, object: PdfObject, concerns: Concerns): void {
  const dict = object instanceof PdfStream ? object.dict : object;
  if (!(dict instanceof PdfDict)) return;
  const type = nameOf(pdf, dict, 'Type');
  if (type === 'Catalog' || type === 'Pages' || type === 'Page')
    concerns.add('concern.unreachable-pages', num);
  else if (type === 'Font' || type === 'XObject' || nameOf(pdf, dict, 'Subtype') === 'Form') {
    const isEmpty = object instanceof PdfStream && readable(() => isEmptyValue(pdf, object));
    if (!isEmpty) concerns.add('concern.unreachable-objects', num);
  }
}
