import type { Change } from '../contract/verification.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef, type PdfObject } from '../pdf/objects.ts';
import { walkFormFields } from '../pdf/form-fields.ts';
import { walkPages } from '../pdf/pages.ts';
import type { XrefEntry, XrefSection } from '../pdf/xref.ts';
import { AnThuError } from '../shared/errors.ts';
import { isFullyListed, listAppended, sameEntry, type AppendedObjects } from './appended-bytes.ts';
import { areNumbersHonest } from './appended-numbers.ts';
import { holdsDoubledKeys } from './doubled-keys.ts';
import {
  catalogExtended,
  emptyFieldSigned,
  formExtended,
  informationTouched,
  isSecurityStore,
  listExtended,
  pageExtended,
  xmpTouched,
  type ChangeClass,
  type Comparison,
} from './permitted-changes.ts';
import type { ModificationRules } from './modification-rules.ts';
import { FormFill } from './form-fill.ts';
import { pagesOfObjects } from './pages-of-objects.ts';
import { referencedNumbers, sharedNumbers } from './references.ts';
import { sameObject, sameStoredObject } from './same-object.ts';
import { isVisibleTimestamp } from './timestamp-look.ts';

/** What later revisions did to a signed one. */
interface LaterChanges {
  readonly later: 'permitted' | 'forbidden';
  readonly changes: readonly Change[];
  /** Set when a cap was reached before everything was seen. */
  readonly limit: 'reached' | undefined;
}

/** What is known of the signatures beside the revision in question. */
interface LaterContext {
  /** Object numbers of well-formed signature fields whose ranges end later. */
  readonly laterSignedFields: ReadonlySet<number>;
  /** What certifications and locks of this and earlier signatures allow. */
  readonly rules: ModificationRules;
}

const maximumReported = 200;

const forbidden = (object: string, changeClass: ChangeClass = 'other'): LaterChanges => ({
  later: 'forbidden',
  changes: [{ object, page: null, class: changeClass }],
  limit: undefined,
});

/**
 * Judges what was appended to a signed revision. Permitted is only what is proved to be nothing but new
 * signatures, document timestamps, validation data, dates in the document information, XMP, fields filled in, or
 * comments that a certification allows; all else is forbidden (findings/signing-peers.md §3.5, "Modification classes": reject by default).
 */
export function classifyLater(after: PdfDocument, before: PdfDocument, context: LaterContext): LaterChanges {
  try {
    return compare(after, before, context);
  } catch (error) {
    if (!(error instanceof AnThuError)) throw error;
    const limit = error.code === 'pdf.limit' || error.code === 'pdf.too-many-pages' ? 'reached' : undefined;
    return { ...forbidden('file'), limit };
  }
}

function compare(after: PdfDocument, before: PdfDocument, context: LaterContext): LaterChanges {
  const end = before.source.size;
  const head = before.sections[0]?.offset;
  const newer = after.sections.slice(
    0,
    after.sections.findIndex((section) => section.offset === head),
  );
  const placedBehind = newer.every(
    (section) => section.offset >= end && (section.hidden?.offset ?? end) >= end,
  );
  if (!placedBehind) return forbidden('xref');
  const appended = listAppended(newer);
  if (!appended) return { ...forbidden('xref'), limit: 'reached' };
  if (!isFullyListed(after, end, newer, appended)) return forbidden('unlisted bytes');
  if (!areNumbersHonest({ before, after }, newer, appended)) return forbidden('xref');
  const last = lastUsed(before);
  const isLawful = (section: XrefSection): boolean =>
    isLawfulTrailer(before.trailer, section) &&
    countsAll(before.trailer, section, last) &&
    isCountable(section, before.limits.objects);
  if (!newer.every(isLawful) || !isLawfulInformation(before, after)) return forbidden('trailer');
  return compareObjects(after, before, appended, context);
}

/** Entries that every section writes anew; /Info is judged by {@link isLawfulInformation} and as an object. */
const sectionKeys: ReadonlySet<string> = new Set([
  'Size', 'Prev', 'XRefStm', 'Info', 'ID', 'Type', 'W', 'Index', 'Filter', 'DecodeParms', 'Length',
]); // prettier-ignore

/** Same /Root, nothing that the signed trailer did not have, and no key of which readers could take the one or the other. */
function isLawfulTrailer(before: PdfDict, { trailer, hidden }: XrefSection): boolean {
  if (trailer.duplicates.length > 0 || (hidden && hidden.trailer.duplicates.length > 0)) return false;
  if (!sameObject(before.get('Root'), trailer.get('Root'))) return false;
  return [...trailer.entries].every(
    ([key, value]) => sectionKeys.has(key) || sameObject(value, before.get(key)),
  );
}

/** Lookups of numbers in sections, to find the last object of a revision. */
const maximumLookups = 20_000_000;

/** The highest number of an object that a revision has, or a higher one when too many numbers above it are not in use. */
function lastUsed(pdf: PdfDocument): number {
  const highest = Math.max(...pdf.sections.map((section) => section.highest));
  const lowest = Math.max(0, highest - Math.floor(maximumLookups / pdf.sections.length));
  for (let num = highest; num > lowest; num--) {
    const entry = pdf.entry(num);
    if (entry && entry.kind !== 'free') return num;
  }
  return lowest;
}

/**
 * Whether /Size leaves no object of the signed revision out, up to its `last`: a strict reader takes one with a higher number
 * for missing (ISO 32000-1 7.5.5). Numbers that the signed revision counted but never used may fall away, as some writers do.
 * PDFBox counts its own section alone; poppler, MuPDF, qpdf, PDFium and pdf.js show all objects even so (tried), but for poppler where
 * it counts no further than the catalog (repair-roads.ts).
 */
function countsAll(before: PdfDict, { trailer, highest: own }: XrefSection, last: number): boolean {
  const [size, signedSize] = [trailer.get('Size'), before.get('Size')];
  if (typeof size !== 'number' || !Number.isSafeInteger(size)) return false;
  if (own >= 0 && size === own + 1) return true;
  return size > last || (typeof signedSize === 'number' && size >= signedSize);
}

/** Whether /Size is no number so high that readers give up and repair the file by their own lights, as poppler does (tried). */
function isCountable({ trailer }: XrefSection, most: number): boolean {
  const size = trailer.get('Size');
  return typeof size === 'number' && size <= most + 1;
}

/**
 * Whether the document information that readers find is the signed one, but for what may change in it: it may be in
 * another object, too. That it is not named any more says nothing.
 */
function isLawfulInformation(before: PdfDocument, after: PdfDocument): boolean {
  const written = after.trailer.get('Info');
  if (written === undefined || written === null || sameObject(before.trailer.get('Info'), written))
    return true;
  const old = before.resolve(before.trailer.get('Info'));
  return (
    informationTouched(old instanceof PdfDict ? old : new PdfDict(), after.resolve(written)) !== undefined
  );
}

const generationOf = (entry: XrefEntry | undefined): number => (entry?.kind === 'offset' ? entry.gen : 0);

function compareObjects(
  after: PdfDocument,
  before: PdfDocument,
  appended: AppendedObjects,
  context: LaterContext,
): LaterChanges {
  const end = before.source.size;
  const roles = readRoles(before);
  const existing = (num: number): boolean => before.load(num) !== null;
  const comparison: Comparison = {
    before,
    after,
    laterSignedFields: context.laterSignedFields,
    rules: context.rules,
    isNew: (num) => !existing(num) && appended.entries.has(num),
  };
  const fill = new FormFill({
    before,
    after,
    referenced: roles.referenced,
    mayFill: (name) => context.rules.mayChangeField(name),
  });
  const changes: Change[] = [];
  let pages: ReadonlyMap<number, number> | undefined;
  const note = (num: number, changeClass: ChangeClass): void => {
    if (changes.length >= maximumReported) return;
    const page = roles.pageOf.get(num) ?? (pages ??= pagesOfObjects(before)).get(num);
    changes.push({ object: `${num} 0`, page: page ?? null, class: changeClass });
  };
  let allPermitted = true;
  const refuse = (num: number, changeClass: ChangeClass): void => {
    allPermitted = false;
    note(num, changeClass);
  };
  for (const [num, [newest]] of appended.entries) {
    if (num === 0) continue;
    if (sameEntry(newest, before.entry(num))) {
      // The signed revision told beforehand where its object would lie.
      if (newest?.kind === 'offset' && newest.offset >= end) refuse(num, 'other');
      continue;
    }
    if (newest?.kind === 'offset' && newest.offset !== 0 && newest.offset < end) {
      refuse(num, 'other'); // bytes of the signed revision made live afterwards
      continue;
    }
    if (newest?.kind === 'compressed' && !comparison.isNew(newest.stream)) {
      refuse(num, 'other');
      continue;
    }
    const object = after.load(num);
    if (!existing(num)) {
      // An object that the signed revision already refers to would come to life in its pages.
      if (object !== null && (roles.referenced.has(num) || roles.informing.has(num))) refuse(num, 'other');
      continue;
    }
    const old = before.load(num);
    // With another generation the old references lead nowhere.
    if (newest?.kind !== 'free' && generationOf(newest) !== generationOf(before.entry(num))) {
      refuse(num, 'other');
      continue;
    }
    // Where the signed object can be read in two ways, a new one that says one of them is not its like.
    if (holdsDoubledKeys(old) || holdsDoubledKeys(object)) {
      refuse(num, refusedClass(roles, num, old));
      continue;
    }
    if (sameStoredObject({ pdf: before, object: old }, { pdf: after, object })) continue;
    const changeClass = permittedClass(comparison, roles, fill, num, old, object);
    const signatureRefused = changeClass === 'new-signature' && context.rules.signatures === 'forbidden';
    if (!changeClass || signatureRefused) refuse(num, changeClass ?? refusedClass(roles, num, old));
    else note(num, changeClass);
  }
  return { later: allPermitted ? 'permitted' : 'forbidden', changes, limit: undefined };
}

/** What each object of the signed revision is for, as far as changes to it can be lawful. */
interface Roles {
  readonly catalog: number;
  readonly form: number | undefined;
  readonly fieldList: number | undefined;
  readonly information: number | undefined;
  readonly xmp: number | undefined;
  /** Page index by the number of the page or of its list of annotations. */
  readonly pageOf: ReadonlyMap<number, number>;
  readonly annotationLists: ReadonlySet<number>;
  /** Everything the catalog leads to. */
  readonly referenced: Pick<ReadonlySet<number>, 'has'>;
  /** The same without what only the security store, only /Metadata leads to. */
  readonly referencedElsewhere: ReadonlySet<number>;
  readonly store: ReadonlySet<number>;
  /** What the document information leads to, which stands beside the catalog. */
  readonly informing: ReadonlySet<number>;
  /** Numbers to which more than one place refers; found out when first asked for. */
  readonly shared: () => ReadonlySet<number>;
  /** Names of the form's signature fields by object number. */
  readonly signatureFields: ReadonlyMap<number, string>;
}

const numberOf = (object: PdfObject | undefined): number | undefined =>
  object instanceof PdfRef ? object.num : undefined;

function readRoles(pdf: PdfDocument): Roles {
  const catalog = pdf.catalog();
  const root = numberOf(pdf.trailer.get('Root')) ?? -1;
  const form = pdf.getDict(catalog, 'AcroForm');
  const pageOf = new Map<number, number>();
  const annotationLists = new Set<number>();
  let index = 0;
  for (const page of walkPages(pdf)) {
    if (page.ref) pageOf.set(page.ref.num, index);
    const list = numberOf(page.dict.get('Annots'));
    if (list !== undefined) {
      pageOf.set(list, index);
      annotationLists.add(list);
    }
    index++;
  }
  // A certification names the catalog as what it certifies (/Data), which must not lead to the store after all.
  const fixed = catalog.with({ DSS: undefined, Metadata: undefined });
  const elsewhere = referencedNumbers(pdf, [fixed], { num: root, as: fixed });
  const store = referencedNumbers(pdf, [catalog.get('DSS')]);
  const metadata = referencedNumbers(pdf, [catalog.get('Metadata')]);
  let shared: ReadonlySet<number> | undefined;
  return {
    catalog: root,
    form: numberOf(catalog.get('AcroForm')),
    fieldList: form && numberOf(form.get('Fields')),
    information: numberOf(pdf.trailer.get('Info')),
    xmp: numberOf(catalog.get('Metadata')),
    pageOf,
    annotationLists,
    referenced: { has: (num) => elsewhere.has(num) || store.has(num) || metadata.has(num) },
    referencedElsewhere: elsewhere,
    store,
    shared: () => (shared ??= sharedNumbers(pdf, [pdf.trailer])),
    informing: referencedNumbers(pdf, [pdf.trailer.get('Info')]),
    signatureFields: new Map(
      [...walkFormFields(pdf)].flatMap(({ name, ref, type }) =>
        ref && type === 'Sig' ? [[ref.num, name] as const] : [],
      ),
    ),
  };
}

function permittedClass(
  comparison: Comparison,
  roles: Roles,
  fill: FormFill,
  num: number,
  before: PdfObject,
  after: PdfObject,
): ChangeClass | undefined {
  if (num === roles.catalog) return catalogExtended(comparison, before, after);
  if (num === roles.form) return formExtended(comparison, before, after);
  const isList = num === roles.fieldList || roles.annotationLists.has(num);
  // A list that is something else besides, such as what a page draws, would carry the new item there.
  if (isList && roles.shared().has(num)) return undefined;
  if (num === roles.fieldList) return listExtended(comparison, 'fields', before, after);
  if (roles.annotationLists.has(num)) return listExtended(comparison, 'annotations', before, after);
  if (roles.pageOf.has(num)) return pageExtended(comparison, before, after);
  if (roles.referencedElsewhere.has(num)) {
    const signed = emptyFieldSigned(comparison, num, before, after);
    const name = roles.signatureFields.get(num);
    if (signed && name !== undefined && !comparison.rules.mayChangeField(name)) return undefined;
    if (signed) return signed;
    if (fill.accepts(num, before, after)) return 'form-fill';
    return isLookOfSignedField(comparison, roles, num) ? 'new-signature' : undefined;
  }
  if (num === roles.information) return informationTouched(before, after);
  if (num === roles.xmp) return xmpTouched(before, after);
  if (roles.store.has(num)) {
    const store = comparison.after.get(comparison.after.catalog(), 'DSS');
    const isList = Array.isArray(after) || after instanceof PdfDict;
    return isList && isSecurityStore(comparison.after, store) ? 'lta-update' : undefined;
  }
  return undefined;
}

/**
 * Whether an object is part of the look of an empty signature field and of nothing else, and the field was signed later:
 * some writers put the new look into the old one's object instead of a new one.
 */
function isLookOfSignedField(
  { before, after, laterSignedFields, rules }: Comparison,
  roles: Roles,
  num: number,
): boolean {
  for (const [field, name] of roles.signatureFields) {
    const dict = before.load(field);
    if (!laterSignedFields.has(field) || !rules.mayChangeField(name) || !(dict instanceof PdfDict)) continue;
    if (isVisibleTimestamp(after, field)) continue;
    if (before.get(dict, 'V') !== null || !referencedNumbers(before, [dict.get('AP')]).has(num)) continue;
    return !referencedNumbers(before, [before.trailer], { num: field, as: dict.with({ AP: undefined }) }).has(
      num,
    );
  }
  return false;
}

function refusedClass(roles: Roles, num: number, before: PdfObject): ChangeClass {
  if (roles.annotationLists.has(num)) return 'annotation';
  if (!(before instanceof PdfDict)) return 'other';
  if (before.get('FT') !== undefined || before.get('Parent') instanceof PdfRef) {
    if (before.get('Rect') !== undefined) return 'form-fill';
  }
  return before.get('Rect') !== undefined ? 'annotation' : 'other';
}
