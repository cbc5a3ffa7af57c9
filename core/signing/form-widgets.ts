import { damaged } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import type { IncrementalUpdate } from '../pdf/incremental-update.ts';
import { PdfDict, PdfRef, type PdfObject } from '../pdf/objects.ts';
import type { PdfPage } from '../pdf/pages.ts';
import { refuseDuplicates } from './preconditions.ts';

/** SignaturesExist + AppendOnly. */
export const SIG_FLAGS = 3;

/** Appends widgets to a page's /Annots: the page is rewritten only when it holds the array itself. */
export function addToPage(
  update: IncrementalUpdate,
  page: Pick<PdfPage, 'ref'>,
  ...widgets: readonly PdfRef[]
): void {
  if (!page.ref) throw damaged('page-tree');
  const dict = update.resolve(page.ref);
  if (!(dict instanceof PdfDict)) throw damaged('page-tree');
  const written = dict.get('Annots');
  const annotations = arrayOf(update, written);
  if (written instanceof PdfRef && annotations) {
    update.put(written, [...annotations, ...widgets]);
    return;
  }
  refuseDuplicates(dict);
  update.put(page.ref, dict.with({ Annots: [...(annotations ?? []), ...widgets] }));
}

/** What a form gets beside new fields. */
export interface FormChanges {
  /** Bits set in /SigFlags. */
  readonly sigFlags?: number;
  /** Entries of the form replaced. */
  readonly entries?: Record<string, PdfObject | undefined>;
}

/** Appends to the form's /Fields and sets /SigFlags; each indirect object on the way is the one rewritten. */
export function addToForm(
  pdf: PdfDocument,
  update: IncrementalUpdate,
  fieldRefs: readonly PdfRef[],
  { sigFlags = SIG_FLAGS, entries = {} }: FormChanges = {},
): void {
  const root = pdf.trailer.get('Root');
  const catalog = update.resolve(root);
  if (!(root instanceof PdfRef) || !(catalog instanceof PdfDict)) throw damaged('no-catalog');
  const writtenForm = catalog.get('AcroForm');
  const resolvedForm = update.resolve(writtenForm);
  const form = resolvedForm instanceof PdfDict ? resolvedForm : new PdfDict();
  const writtenFields = form.get('Fields');
  const fields = arrayOf(update, writtenFields) ?? [];
  const flags = update.resolve(form.get('SigFlags'));
  const known = typeof flags === 'number' ? flags : 0;
  const changes: Record<string, PdfObject | undefined> = { ...entries };
  if ((known | sigFlags) !== known) changes['SigFlags'] = known | sigFlags;
  if (fieldRefs.length > 0 || writtenFields === undefined) {
    if (writtenFields instanceof PdfRef && update.resolve(writtenFields) !== null)
      update.put(writtenFields, [...fields, ...fieldRefs]);
    else changes['Fields'] = [...fields, ...fieldRefs];
  }
  if (Object.keys(changes).length === 0) return;
  const changedForm = form.with(changes);
  if (writtenForm instanceof PdfRef && resolvedForm !== null) update.put(writtenForm, changedForm);
  else update.changeCatalog({ AcroForm: changedForm });
}

function arrayOf(update: IncrementalUpdate, object: PdfObject | undefined): PdfObject[] | undefined {
  const value = update.resolve(object);
  return Array.isArray(value) ? value : undefined;
}
