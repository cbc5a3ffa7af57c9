import type { PdfDocument } from '../pdf/document.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRaw, PdfString, textString } from '../pdf/objects.ts';
import { readSignatureFields } from '../pdf/signature-fields.ts';
import { AnThuError } from '../shared/errors.ts';
import { BYTE_RANGE_PLACEHOLDER } from './byte-range.ts';
import { drawAppearance } from './appearance/draw-appearance.ts';
import { freeFieldName, takenNames } from './field-names.ts';
import { addToForm, addToPage } from './form-widgets.ts';
import { checkSignable } from './preconditions.ts';
import type { SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { addSecurityStore } from './security-store.ts';
import { pdfDate } from './signing-time.ts';
import type { ValidationData } from './validation-data.ts';

/** Print + Locked. */
const WIDGET_FLAGS = 132;

export interface SignatureUpdateOptions {
  readonly signingTime: Date;
  readonly appearance: SignatureAppearance;
  readonly fieldName?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly reserveBytes: number;
  /** Validation data known before signing; it goes into the same update as /DSS. */
  readonly store?: ValidationData;
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
  addToPage(update, page, widget);
  addToForm(pdf, update, [widget]);
  if (options.store) addSecurityStore(pdf, update, options.store);
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

/** A name no field of the tree begins with; `Signature1`, `Signature2` … unless one is asked for. */
function chooseFieldName(pdf: PdfDocument, wanted: string | undefined): string {
  if (wanted === undefined) return freeFieldName(pdf, 'Signature');
  const name = wanted.normalize('NFC');
  if (takenNames(pdf).has(name) || name.includes('.'))
    throw new AnThuError('signing.field-exists', { field: name });
  return name;
}
