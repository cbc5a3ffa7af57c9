import type { PdfDocument } from '../pdf/document.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRaw, type PdfRef, PdfString, textString } from '../pdf/objects.ts';
import { readSignatureFields, type SignatureField } from '../pdf/signature-fields.ts';
import type { DigestAlgorithm } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';
import { modificationRules } from '../verification/modification-rules.ts';
import { BYTE_RANGE_PLACEHOLDER } from './byte-range.ts';
import { drawAppearance } from './appearance/draw-appearance.ts';
import { openEmptyField, type EmptyField } from './empty-field.ts';
import { freeFieldName, takenNames } from './field-names.ts';
import { addToForm, addToPage } from './form-widgets.ts';
import type { PadesLevel } from './levels.ts';
import { checkSignable } from './preconditions.ts';
import type { SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { addSecurityStore } from './security-store.ts';
import { obeySeedValues } from './seed-values.ts';
import { certificationReference, lockReference, type Certification } from './signature-references.ts';
import { pdfDate } from './signing-time.ts';
import type { ValidationData } from './validation-data.ts';
import { warning } from '../shared/warning.ts';

/** Print + Locked. */
const WIDGET_FLAGS = 132;

export interface SignatureUpdateOptions {
  readonly signingTime: Date;
  readonly appearance: SignatureAppearance;
  /** An empty signature field of this name is signed into; else a new field gets the name. */
  readonly fieldName?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly reserveBytes: number;
  readonly digestAlgorithm?: DigestAlgorithm;
  /** Makes it a certification, with what it allows from then on. Only the first signature can. */
  readonly certify?: Certification;
  /** What is asked for; a field may order a timestamp. */
  readonly level?: PadesLevel;
  /** Validation data known before signing; it goes into the same update as /DSS. */
  readonly store?: ValidationData;
}

export interface SignatureUpdate extends BuiltUpdate {
  readonly fieldName: string;
  readonly digestAlgorithm: DigestAlgorithm;
  readonly warnings: SigningWarning[];
}

/**
 * Builds the incremental update that signs into an empty field (its rectangle kept, its seed values and lock obeyed)
 * or adds a field of its own, with a signature dictionary whose /ByteRange and /Contents are still placeholders
 * (marks `byteRange` and `contents`). Signature dictionary as in signing-peers.md §3.1. Throws what
 * {@link checkSignable} and {@link obeySeedValues} throw, `signing.field-exists`, `signing.field-locked`,
 * `signing.certify-not-first`, `signing.page-too-small`, `signing.text-not-drawable` and `pdf.*`.
 */
export async function buildSignatureUpdate(
  pdf: PdfDocument,
  options: SignatureUpdateOptions,
): Promise<SignatureUpdate> {
  const { signed, warnings } = checkSignable(pdf, options.appearance);
  const empty = emptyFieldOf(pdf, signed, options.fieldName);
  const seed = obeySeedValues(pdf, empty?.field ?? new PdfDict(), options);
  if (seed.timestamp === 'wanted') warnings.push(warning('signing.field-wants-timestamp'));
  const certify = seed.certify || options.certify;
  if (certify && signed.length > 0) throw new AnThuError('signing.certify-not-first');
  const fieldName = empty?.name ?? chooseFieldName(pdf, signed, options.fieldName);
  if (empty && !modificationRules(pdf, signed).mayChangeField(fieldName))
    throw new AnThuError('signing.field-locked', { field: fieldName });
  const references = [
    ...(certify ? [certificationReference(certify)] : []),
    ...[empty && lockReference(pdf, empty.field)].filter((reference) => reference !== undefined),
  ];
  const update = new IncrementalUpdate(pdf);
  const reason = seed.reason ?? options.reason;
  const signature = update.add(signatureDictionary({ ...options, reason }, references));
  const placing = empty
    ? await signInto(pdf, update, empty, signature, options)
    : await addField(pdf, update, fieldName, signature, options);
  if (certify) addPermissions(pdf, update, signature);
  if (options.store) addSecurityStore(pdf, update, options.store);
  const digestAlgorithm = seed.digestAlgorithm ?? options.digestAlgorithm ?? 'sha256';
  return { ...update.build(), fieldName, digestAlgorithm, warnings: [...warnings, ...placing] };
}

/** The empty signature field of the name asked for. Throws `signing.field-exists` when one of that name bears a signature. */
function emptyFieldOf(
  pdf: PdfDocument,
  signed: readonly SignatureField[],
  wanted: string | undefined,
): EmptyField | undefined {
  if (wanted === undefined) return undefined;
  const name = wanted.normalize('NFC');
  const isWanted = ({ fieldName }: SignatureField): boolean => fieldName.normalize('NFC') === name;
  if (signed.some(isWanted)) throw new AnThuError('signing.field-exists', { field: name });
  const found = readSignatureFields(pdf).find(isWanted);
  return found && openEmptyField(pdf, found);
}

async function addField(
  pdf: PdfDocument,
  update: IncrementalUpdate,
  fieldName: string,
  signature: PdfRef,
  options: SignatureUpdateOptions,
): Promise<readonly SigningWarning[]> {
  const widget = update.allocate();
  const { page, rect, form, warnings } = await drawAppearance(update, pdf, options);
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
  return warnings;
}

/** Fills an empty field: /V on the field, the look on its widget; without a look an appearance it has stays. */
async function signInto(
  pdf: PdfDocument,
  update: IncrementalUpdate,
  empty: EmptyField,
  signature: PdfRef,
  options: SignatureUpdateOptions,
): Promise<readonly SigningWarning[]> {
  const { ref, field, widgetRef, widget, page, rect } = empty;
  const keepsLook = options.appearance.kind === 'none' && pdf.getDict(widget, 'AP')?.get('N') !== undefined;
  const drawn = keepsLook
    ? undefined
    : await drawAppearance(update, pdf, { ...options, field: { page, rect } });
  const look = drawn ? { AP: new PdfDict({ N: drawn.form }) } : {};
  if (widgetRef.num === ref.num) update.put(ref, field.with({ V: signature, ...look }));
  else {
    update.put(ref, field.with({ V: signature }));
    if (drawn) update.put(widgetRef, widget.with(look));
  }
  addToForm(pdf, update, []);
  return drawn?.warnings ?? [];
}

/** Without /Perms readers take a certification for a plain signature (signing-peers.md §3.1 "DocMDP"). */
function addPermissions(pdf: PdfDocument, update: IncrementalUpdate, signature: PdfRef): void {
  const held = pdf.getDict(pdf.catalog(), 'Perms') ?? new PdfDict();
  update.changeCatalog({ Perms: held.with({ DocMDP: signature }) });
}

function signatureDictionary(options: SignatureUpdateOptions, references: readonly PdfDict[]): PdfDict {
  return new PdfDict({
    Type: new PdfName('Sig'),
    Filter: new PdfName('Adobe.PPKLite'),
    SubFilter: new PdfName('ETSI.CAdES.detached'),
    M: new PdfString(Buffer.from(pdfDate(options.signingTime), 'latin1')),
    ByteRange: new PdfRaw(Buffer.from(BYTE_RANGE_PLACEHOLDER, 'latin1'), 'byteRange'),
    Contents: new PdfRaw(emptyContents(options.reserveBytes), 'contents'),
  }).with({
    Reference: references.length > 0 ? [...references] : undefined,
    Reason: options.reason === undefined ? undefined : textString(options.reason.normalize('NFC')),
    Location: options.location === undefined ? undefined : textString(options.location.normalize('NFC')),
  });
}

/** The last one made; file after file leaves room for as much. It is copied into the update. */
let lastContents = Buffer.alloc(0);

/** /Contents with room for so many bytes: a hex string of zeros. */
function emptyContents(bytes: number): Uint8Array {
  if (lastContents.length !== 2 * bytes + 2) {
    lastContents = Buffer.alloc(2 * bytes + 2, '0');
    lastContents.write('<', 0);
    lastContents.write('>', 2 * bytes + 1);
  }
  return lastContents;
}

/** A name no field of the tree begins with; `Signature1`, `Signature2` … unless one is asked for. */
function chooseFieldName(
  pdf: PdfDocument,
  signed: readonly SignatureField[],
  wanted: string | undefined,
): string {
  if (wanted === undefined) return freeFieldName(pdf, 'Signature', signed);
  const name = wanted.normalize('NFC');
  if (takenNames(pdf, signed).has(name) || name.includes('.'))
    throw new AnThuError('signing.field-exists', { field: name });
  return name;
}
