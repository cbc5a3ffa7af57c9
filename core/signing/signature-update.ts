import type { PdfDocument } from '../pdf/document.ts';
import { damaged } from '../pdf/damage.ts';
import { walkFormFields } from '../pdf/form-fields.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRaw, PdfRef, PdfString, textString, type PdfObject } from '../pdf/objects.ts';
import type { PdfPage } from '../pdf/pages.ts';
import { readSignatureFields } from '../pdf/signature-fields.ts';
import { AnThuError } from '../shared/errors.ts';
import { drawAppearance } from './appearance/draw-appearance.ts';
import { checkSignable, refuseDuplicates } from './preconditions.ts';
import type { SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { pdfDate } from './signing-time.ts';

/** Print + Locked. */
const WIDGET_FLAGS = 132;
/** SignaturesExist + AppendOnly. */
const SIG_FLAGS = 3;

/** Room for `[0 n n n]` with numbers of up to 10 digits; the text that `@signpdf` looks for. */
export const BYTE_RANGE_PLACEHOLDER = '[0 /********** /********** /**********]';

export interface SignatureUpdateOptions {
  readonly signingTime: Date;
  readonly appearance: SignatureAppearance;
  readonly fieldName?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly reserveBytes: number;
}

export interface SignatureUpdate extends BuiltUpdate {
  readonly fieldName: string;
  readonly warnings: SigningWarning[];
}

/**
 * Builds the incremental update that adds one approval signature field on page 1 with a signature dictionary
 * whose /ByteRange and /Contents are still placeholders (marks `byteRange` and `contents`). Signature dictionary
 * as in signing-peers.md §3.1. Throws what {@link checkSignable} throws, `signing.field-exists`,
 * `signing.page-too-small`, `signing.text-not-drawable` and `pdf.*`.
 */
export async function buildSignatureUpdate(
  pdf: PdfDocument,
  options: SignatureUpdateOptions,
): Promise<SignatureUpdate> {
  const warnings = checkSignable(pdf, readSignatureFields(pdf), options.appearance);
  const fieldName = chooseFieldName(pdf, options.fieldName);
  const update = new IncrementalUpdate(pdf);
  const signature = update.add(signatureDictionary(options));
  const widget = update.allocate();
  const { page, rect, form, warnings: placing } = await drawAppearance(update, pdf, options);
  update.put(
    widget,
    new PdfDict({
      Type: new PdfName('Annot'),
      Subtype: new PdfName('Widget'),
      FT: new PdfName('Sig'),
      T: textString(fieldName),
      V: signature,
      F: WIDGET_FLAGS,
      P: page.ref ?? null,
      Rect: [...rect],
      AP: new PdfDict({ N: form }),
    }),
  );
  addToPage(pdf, update, page, widget);
  addToForm(pdf, update, widget);
  return { ...update.build(), fieldName, warnings: [...warnings, ...placing] };
}

function signatureDictionary(options: SignatureUpdateOptions): PdfDict {
  return new PdfDict({
    Type: new PdfName('Sig'),
    Filter: new PdfName('Adobe.PPKLite'),
    SubFilter: new PdfName('ETSI.CAdES.detached'),
    M: new PdfString(Buffer.from(pdfDate(options.signingTime), 'latin1')),
    ByteRange: new PdfRaw(Buffer.from(BYTE_RANGE_PLACEHOLDER, 'latin1'), 'byteRange'),
    Contents: new PdfRaw(Buffer.from(`<${'00'.repeat(options.reserveBytes)}>`, 'latin1'), 'contents'),
  }).with({
    Reason: options.reason === undefined ? undefined : textString(options.reason.normalize('NFC')),
    Location: options.location === undefined ? undefined : textString(options.location.normalize('NFC')),
  });
}

/** Appends to /Annots: the page is rewritten only when it holds the array itself. */
function addToPage(pdf: PdfDocument, update: IncrementalUpdate, page: PdfPage, widget: PdfRef): void {
  if (!page.ref) throw damaged('page-tree');
  const written = page.dict.get('Annots');
  const annotations = arrayOf(pdf, written);
  if (written instanceof PdfRef && annotations) {
    update.put(written, [...annotations, widget]);
    return;
  }
  refuseDuplicates(page.dict);
  update.put(page.ref, page.dict.with({ Annots: [...(annotations ?? []), widget] }));
}

/** Appends to the form's /Fields and sets /SigFlags; each indirect object on the way is the one rewritten. */
function addToForm(pdf: PdfDocument, update: IncrementalUpdate, widget: PdfRef): void {
  const root = pdf.trailer.get('Root');
  if (!(root instanceof PdfRef)) throw damaged('no-catalog');
  const catalog = pdf.catalog();
  const writtenForm = catalog.get('AcroForm');
  const form = pdf.getDict(catalog, 'AcroForm') ?? new PdfDict();
  const writtenFields = form.get('Fields');
  const fields = arrayOf(pdf, writtenFields) ?? [];
  const flags = pdf.get(form, 'SigFlags');
  const formChanges: Record<string, PdfObject> = {
    SigFlags: (typeof flags === 'number' ? flags : 0) | SIG_FLAGS,
  };
  if (writtenFields instanceof PdfRef && pdf.resolve(writtenFields) !== null)
    update.put(writtenFields, [...fields, widget]);
  else formChanges['Fields'] = [...fields, widget];
  const changedForm = form.with(formChanges);
  if (writtenForm instanceof PdfRef && pdf.resolve(writtenForm) !== null)
    update.put(writtenForm, changedForm);
  else update.put(root, catalog.with({ AcroForm: changedForm }));
}

function arrayOf(pdf: PdfDocument, object: PdfObject | undefined): PdfObject[] | undefined {
  const value = pdf.resolve(object);
  return Array.isArray(value) ? value : undefined;
}

/** A name no field of the tree begins with; `Signature1`, `Signature2` … unless one is asked for. */
function chooseFieldName(pdf: PdfDocument, wanted: string | undefined): string {
  const taken = new Set<string>();
  for (const { name } of walkFormFields(pdf)) taken.add(name.split('.')[0] ?? name);
  if (wanted !== undefined) {
    const name = wanted.normalize('NFC');
    if (taken.has(name) || name.includes('.')) throw new AnThuError('signing.field-exists', { field: name });
    return name;
  }
  let number = 1;
  while (taken.has(`Signature${number}`)) number++;
  return `Signature${number}`;
}
