import type { Change } from '../contract/verification.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { walkFormFields } from '../pdf/form-fields.ts';
import {
  isName,
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  textOf,
  type PdfObject,
} from '../pdf/objects.ts';
import { isStandardFont } from './appearance-text.ts';
import type { ModificationRules } from './modification-rules.ts';
import { bringsNothingAlong, isNewComment } from './new-annotations.ts';
import { changedKeys, sameObject } from './same-object.ts';
import { strayWidgets } from './stray-widgets.ts';
import { isDocumentTimestamp, isVisibleTimestamp, showsSomething } from './timestamp-look.ts';

export type ChangeClass = Change['class'];

/** Both states of the file and what is known about the signatures made in between. */
export interface Comparison {
  readonly before: PdfDocument;
  readonly after: PdfDocument;
  /** Object numbers of fields signed after the revision in question, each judged on its own. */
  readonly laterSignedFields: ReadonlySet<number>;
  readonly rules: ModificationRules;
  isNew(num: number): boolean;
}

const signatureFieldKeys: ReadonlySet<string> = new Set([
  'Type',
  'Subtype',
  'FT',
  'T',
  'TU',
  'TM',
  'V',
  'F',
  'Ff',
  'P',
  'Rect',
  'AP',
  'AS',
  'MK',
  'DA',
  'Q',
  'H',
  'BS',
  'Border',
  'NM',
  'M',
  'Lock',
  'SV',
  'Kids',
  'Parent',
  // Judged in hasIdleExtras.
  'DR',
  'DV',
]);

/** The dictionary of a new object with harmless keys only. */
function newPlainDict({ after, isNew }: Comparison, reference: PdfObject | undefined): PdfDict | undefined {
  if (!(reference instanceof PdfRef) || !isNew(reference.num)) return undefined;
  const dict = after.resolve(reference);
  if (!(dict instanceof PdfDict) || dict.duplicates.length > 0) return undefined;
  if (![...dict.entries.keys()].every((key) => signatureFieldKeys.has(key))) return undefined;
  return hasIdleExtras(after, dict) && bringsNothingAlong(after, dict, isNew) ? dict : undefined;
}

/**
 * What some writers add for nothing: LibreOffice the signature as default value too, iText resources that are empty or name
 * the form of the new look. Fields are drawn with fonts of their resources, never with forms.
 */
function hasIdleExtras(pdf: PdfDocument, dict: PdfDict): boolean {
  const [resources, fallback] = [pdf.get(dict, 'DR'), dict.get('DV')];
  const idle =
    resources === null ||
    (resources instanceof PdfDict && [...resources.entries.keys()].every((key) => key === 'XObject'));
  return idle && (fallback === undefined || sameObject(fallback, dict.get('V')));
}

/** Class of a new, signed, well-formed signature field; undefined when it is anything else. */
function newSignatureField(
  comparison: Comparison,
  reference: PdfObject | undefined,
): 'new-signature' | 'lta-update' | undefined {
  const { after, laterSignedFields, isNew } = comparison;
  const field = newPlainDict(comparison, reference);
  if (!field || !(reference instanceof PdfRef) || !laterSignedFields.has(reference.num)) return undefined;
  if (!isName(after.get(field, 'FT'), 'Sig') || field.get('Parent') !== undefined) return undefined;
  const kids = after.get(field, 'Kids');
  const isWidget = isName(after.get(field, 'Subtype'), 'Widget');
  if (isWidget ? kids !== null : !Array.isArray(kids) || kids.length !== 1) return undefined;
  if (Array.isArray(kids) && !newPlainDict(comparison, kids[0])) return undefined;
  const value = field.get('V');
  if (!(value instanceof PdfRef) || !isNew(value.num)) return undefined;
  if (!(after.resolve(value) instanceof PdfDict)) return undefined;
  if (!isDocumentTimestamp(after, field)) return 'new-signature';
  return showsSomething(after, field) ? undefined : 'lta-update';
}

/** The same for the widget on a page: the field itself, or the only kid of one. */
function newSignatureWidget(
  comparison: Comparison,
  reference: PdfObject | undefined,
): 'new-signature' | 'lta-update' | undefined {
  const own = newSignatureField(comparison, reference);
  if (own) return own;
  const { after, laterSignedFields } = comparison;
  const widget = newPlainDict(comparison, reference);
  if (!widget || !isName(after.get(widget, 'Subtype'), 'Widget')) return undefined;
  if (['FT', 'T', 'V', 'Kids'].some((key) => widget.get(key) !== undefined)) return undefined;
  for (const num of laterSignedFields) {
    const field = after.load(num);
    const kids = field instanceof PdfDict ? after.get(field, 'Kids') : null;
    if (!Array.isArray(kids) || !sameObject(kids[0], reference)) continue;
    const parent = widget.get('Parent');
    const isItsOwn = parent === undefined || (parent instanceof PdfRef && parent.num === num);
    return isItsOwn ? newSignatureField(comparison, new PdfRef(num)) : undefined;
  }
  return undefined;
}

/** Of what kind a new item of a list may be: fields of the form, or anything that stands on a page. */
type ListKind = 'fields' | 'annotations';

/**
 * A list that kept all its items in order and got only new signature fields (or their widgets) behind them, and
 * comments where a certification lets them.
 */
export function listExtended(
  comparison: Comparison,
  kind: ListKind,
  before: PdfObject,
  after: PdfObject,
): ChangeClass | undefined {
  const old = before === null ? [] : before;
  if (!Array.isArray(old) || !Array.isArray(after) || after.length < old.length) return undefined;
  if (!old.every((item, index) => sameObject(item, after[index]))) return undefined;
  const comments = kind === 'annotations' && comparison.rules.annotations === 'allowed';
  const added = after
    .slice(old.length)
    .map(
      (item) =>
        newSignatureWidget(comparison, item) ??
        (comments && isNewComment(comparison, item) ? 'annotation' : undefined),
    );
  if (added.includes(undefined)) return undefined;
  if (added.includes('annotation')) return 'annotation';
  return added.includes('new-signature') ? 'new-signature' : 'lta-update';
}

/** A page that differs in /Annots alone, and there only by new signature fields or permitted comments. */
export function pageExtended(
  comparison: Comparison,
  before: PdfObject,
  after: PdfObject,
): ChangeClass | undefined {
  if (!(before instanceof PdfDict) || !(after instanceof PdfDict) || after.duplicates.length > 0)
    return undefined;
  if (changedKeys(before, after).some((key) => key !== 'Annots')) return undefined;
  return listExtended(
    comparison,
    'annotations',
    comparison.before.get(before, 'Annots'),
    comparison.after.get(after, 'Annots'),
  );
}

const addedResources: ReadonlySet<string> = new Set(['Font', 'Encoding', 'XObject']);

/**
 * Default resources that kept all they had and got fonts and encodings behind them, as Acrobat adds them, or forms, as iText
 * does.
 */
function resourcesExtended(
  { before, after }: Comparison,
  old: PdfObject,
  resources: PdfObject,
  usedFonts: () => ReadonlySet<string>,
): boolean {
  if (!(resources instanceof PdfDict) || resources.duplicates.length > 0) return false;
  const known = old instanceof PdfDict ? old : new PdfDict();
  return changedKeys(known, resources).every((key) => {
    const group = after.get(resources, key);
    if (!addedResources.has(key) || !(group instanceof PdfDict) || group.duplicates.length > 0) return false;
    const earlier = before.get(known, key);
    // A name that a signed field already writes in would get a font behind the signer's back.
    const isNew = (name: string): boolean => !(earlier instanceof PdfDict) || earlier.get(name) === undefined;
    const used = [...group.entries].filter(
      ([name]) => key === 'Font' && isNew(name) && usedFonts().has(name),
    );
    if (!used.every(([, font]) => isPlainFont(after, after.resolve(font)))) return false;
    return earlier instanceof PdfDict
      ? [...earlier.entries].every(([name, value]) => sameObject(value, group.get(name)))
      : earlier === null;
  });
}

/** Keys of a form that may change with a new signature; the default look only where no field shows it. */
const changedFormKeys: ReadonlySet<string> = new Set(['Fields', 'SigFlags', 'DR', 'DA']);

/** A form of signatures without a default look, as LibreOffice makes it: Acrobat adds one, and no field shows it. */
function takesLook(pdf: PdfDocument, form: PdfDict): boolean {
  if (form.get('DA') !== undefined || form.get('Subtype') !== undefined || strayWidgets(pdf).length > 0)
    return false;
  for (const { type, terminal } of walkFormFields(pdf)) if (terminal && type !== 'Sig') return false;
  return true;
}

/** A font that looks the same everywhere: a standard one, or the standard sign for boxes. */
function isPlainFont(pdf: PdfDocument, font: PdfObject): boolean {
  if (!(font instanceof PdfDict)) return false;
  const keys = ['Type', 'Subtype', 'BaseFont', 'Name'];
  const isSign =
    isName(pdf.get(font, 'BaseFont'), 'ZapfDingbats') &&
    [...font.entries.keys()].every((key) => keys.includes(key));
  return isSign || isStandardFont(pdf, font);
}

const unescaped = (name: string): string =>
  name.replace(/#([\da-f]{2})/gi, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );

/** Names of the fonts that the default appearances of a form, its fields and widgets beside it write in. */
function fontsInUse(pdf: PdfDocument, form: PdfDict): Set<string> {
  const names = new Set<string>();
  const note = (dict: PdfDict): void => {
    const written = pdf.get(dict, 'DA');
    // Read as readers do: byte by byte, escapes undone, wherever a name stands.
    const text = written instanceof PdfString ? Buffer.from(written.bytes).toString('latin1') : '';
    for (const [, name] of text.matchAll(/\/([^\0\s/[\]()<>{}%]+)/g)) if (name) names.add(unescaped(name));
  };
  note(form);
  for (const dict of strayWidgets(pdf)) note(dict);
  for (const { dict } of walkFormFields(pdf)) {
    note(dict);
    const kids = pdf.get(dict, 'Kids');
    for (const kid of Array.isArray(kids) ? kids.map((item) => pdf.resolve(item)) : [])
      if (kid instanceof PdfDict) note(kid);
  }
  return names;
}

/** A form that got new signature fields and flags, and nothing else. */
export function formExtended(
  comparison: Comparison,
  before: PdfObject,
  after: PdfObject,
): ChangeClass | undefined {
  if (!(after instanceof PdfDict) || after.duplicates.length > 0) return undefined;
  if (before !== null && !(before instanceof PdfDict)) return undefined;
  const known = before ?? new PdfDict();
  const changed = changedKeys(known, after);
  if (changed.some((key) => !changedFormKeys.has(key))) return undefined;
  const isLook = changed.includes('DA') || changed.includes('DR');
  if (isLook && !takesLook(comparison.before, known)) {
    if (changed.includes('DA')) return undefined;
    const resources = comparison.after.get(after, 'DR');
    const used = (): Set<string> => fontsInUse(comparison.before, known);
    if (!resourcesExtended(comparison, comparison.before.get(known, 'DR'), resources, used)) return undefined;
  }
  if (typeof comparison.after.get(after, 'SigFlags') !== 'number') return undefined;
  return listExtended(
    comparison,
    'fields',
    comparison.before.get(known, 'Fields'),
    comparison.after.get(after, 'Fields'),
  );
}

/** An empty signature field that was signed: it got /V and perhaps its appearance. */
export function emptyFieldSigned(
  comparison: Comparison,
  num: number,
  before: PdfObject,
  after: PdfObject,
): ChangeClass | undefined {
  if (!(before instanceof PdfDict) || !(after instanceof PdfDict) || after.duplicates.length > 0)
    return undefined;
  if (!isName(comparison.before.get(before, 'FT'), 'Sig') || comparison.before.get(before, 'V') !== null)
    return undefined;
  if (!comparison.laterSignedFields.has(num) || isVisibleTimestamp(comparison.after, num)) return undefined;
  const changed = changedKeys(before, after);
  const isLawful = (key: string): boolean =>
    key === 'F' ? onlyLocked(before, after) : key === 'V' || key === 'AP' || key === 'M';
  if (!changed.every(isLawful)) return undefined;
  // What was signed with the field, a script that runs when it is signed for example, came along before.
  const brought = new PdfDict(new Map(changed.map((key) => [key, after.get(key) ?? null])));
  return bringsNothingAlong(comparison.after, brought, comparison.isNew) ? 'new-signature' : undefined;
}

const [printFlag, lockedFlag] = [4, 128];

/** Whether a widget's flags got nothing but that it is printed and stays in its place, as iText does when it signs. */
function onlyLocked(before: PdfDict, after: PdfDict): boolean {
  const [old, flags] = [before.get('F') ?? 0, after.get('F')];
  if (typeof old !== 'number' || typeof flags !== 'number') return false;
  return [old, old | lockedFlag, old | printFlag | lockedFlag].includes(flags);
}

const storeKeys: ReadonlySet<string> = new Set(['Type', 'VRI', 'Certs', 'CRLs', 'OCSPs']);
const storeEntryKeys: ReadonlySet<string> = new Set(['Type', 'Cert', 'CRL', 'OCSP', 'TU', 'TS']);

/** Whether an object has the form of a document security store and nothing more. */
export function isSecurityStore(pdf: PdfDocument, object: PdfObject): boolean {
  if (!(object instanceof PdfDict) || object.duplicates.length > 0) return false;
  return [...object.entries].every(([key, written]) => {
    if (!storeKeys.has(key)) return false;
    const value = pdf.resolve(written);
    if (key === 'Type') return isName(value, 'DSS');
    if (key !== 'VRI') return isStreamList(pdf, value);
    return (
      value instanceof PdfDict &&
      [...value.entries].every(([name, entry]) => name === 'Type' || isStoreEntry(pdf, pdf.resolve(entry)))
    );
  });
}

function isStoreEntry(pdf: PdfDocument, object: PdfObject): boolean {
  if (!(object instanceof PdfDict)) return false;
  return [...object.entries].every(([key, written]) => {
    if (!storeEntryKeys.has(key)) return false;
    const value = pdf.resolve(written);
    if (key === 'Type') return value instanceof PdfName;
    if (key === 'TU') return value instanceof PdfString;
    if (key === 'TS') return value instanceof PdfStream;
    return isStreamList(pdf, value);
  });
}

function isStreamList(pdf: PdfDocument, value: PdfObject): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => item instanceof PdfRef && pdf.resolve(item) instanceof PdfStream)
  );
}

/** A catalog that got a form, a security store, a version or extension names; each by its own rule. */
export function catalogExtended(
  comparison: Comparison,
  before: PdfObject,
  after: PdfObject,
): ChangeClass | undefined {
  if (!(before instanceof PdfDict) || !(after instanceof PdfDict)) return undefined;
  let found: ChangeClass = 'lta-update';
  for (const key of changedKeys(before, after)) {
    if (after.duplicates.includes(key)) return undefined;
    const value = comparison.after.get(after, key);
    if (key === 'AcroForm') {
      const form = formExtended(comparison, comparison.before.get(before, key), value);
      if (!form) return undefined;
      if (form === 'new-signature') found = form;
    } else if (key === 'DSS') {
      if (!isSecurityStore(comparison.after, value)) return undefined;
    } else if (key === 'Version') {
      if (!(value instanceof PdfName) || !/^(?:1\.[4-7]|2\.0)$/.test(value.value)) return undefined;
    } else if (key === 'Metadata') {
      const written = after.get(key);
      const isNew = written instanceof PdfRef && comparison.isNew(written.num);
      if (before.get(key) !== undefined || !isNew || !isXmp(value)) return undefined;
    } else if (key === 'Extensions') {
      if (!(value instanceof PdfDict)) return undefined;
    } else return undefined;
  }
  return found;
}

/** The same words in another encoding, as writers rewrite what they have read. */
const sameText = (a: PdfObject | undefined, b: PdfObject | undefined): boolean =>
  a instanceof PdfString && b instanceof PdfString && textOf(a) === textOf(b);

/** Document information whose dates or producer changed. */
export function informationTouched(before: PdfObject, after: PdfObject): ChangeClass | undefined {
  if (!(before instanceof PdfDict) || !(after instanceof PdfDict)) return undefined;
  const allowed = changedKeys(before, after).every(
    (key) =>
      key === 'ModDate' ||
      key === 'Producer' ||
      (!after.duplicates.includes(key) && sameText(before.get(key), after.get(key))),
  );
  return allowed ? 'metadata' : undefined;
}

const isXmp = (object: PdfObject): boolean =>
  object instanceof PdfStream &&
  isName(object.dict.get('Type'), 'Metadata') &&
  isName(object.dict.get('Subtype'), 'XML');

/** XMP that was written anew. */
export function xmpTouched(before: PdfObject, after: PdfObject): ChangeClass | undefined {
  return isXmp(before) && isXmp(after) ? 'metadata' : undefined;
}
