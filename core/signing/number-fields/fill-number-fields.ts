import type { PdfDocument } from '../../pdf/document.ts';
import { walkFormFields, type FormField } from '../../pdf/form-fields.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../../pdf/incremental-update.ts';
import { PdfDict, PdfRef, PdfStream, textString, type PdfObject } from '../../pdf/objects.ts';
import { readSignatureFields } from '../../pdf/signature-fields.ts';
import { AnThuError } from '../../shared/errors.ts';
import { modificationRules } from '../../verification/modification-rules.ts';
import { writeUpdatedFile, type UpdatedFile, type UpdateFileOptions } from '../part-file.ts';
import { checkSignable, refuseDuplicates } from '../preconditions.ts';
import { drawValue, readFieldLook } from './field-look.ts';

export interface FillNumberFieldsOptions extends UpdateFileOptions {
  /** Values by field name, ASCII. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Fills text fields in one incremental update: /V and an appearance in the field's own, already embedded font, and
 * nothing else, so that earlier signatures stay valid and the change counts as a permitted form fill
 * (domain/vietnam.md §1.3; docs/decisions on changes after signing). Throws `signing.no-such-field`,
 * `signing.field-locked` when an earlier signer forbade it, `signing.field-not-fillable`,
 * `signing.text-not-drawable`, `signing.value-too-long`, and what {@link writeUpdatedFile} throws.
 */
export function fillNumberFields(options: FillNumberFieldsOptions): Promise<UpdatedFile> {
  return writeUpdatedFile(options, (pdf) => Promise.resolve(buildFilling(pdf, options.values)));
}

function buildFilling(pdf: PdfDocument, values: Readonly<Record<string, string>>): BuiltUpdate {
  const signatures = readSignatureFields(pdf);
  checkSignable(pdf, signatures, { kind: 'none' });
  const rules = modificationRules(
    pdf,
    signatures.filter(({ signature }) => signature),
  );
  const fields = new Map([...walkFormFields(pdf)].map((field) => [field.name.normalize('NFC'), field]));
  const update = new IncrementalUpdate(pdf);
  for (const [written, value] of Object.entries(values)) {
    const name = written.normalize('NFC');
    const field = fields.get(name);
    if (!field) throw new AnThuError('signing.no-such-field', { field: name });
    if (!rules.mayChangeField(field.name)) throw new AnThuError('signing.field-locked', { field: name });
    fill(pdf, update, field, value);
  }
  return update.build();
}

function fill(
  pdf: PdfDocument,
  update: IncrementalUpdate,
  { name, dict, ref, type, terminal }: FormField,
  value: string,
): void {
  if (type !== 'Tx' || !terminal || !ref)
    throw new AnThuError('signing.field-not-fillable', { field: name, reason: 'not a text field' });
  refuseDuplicates(dict);
  const look = readFieldLook(pdf, dict, name);
  const kids = pdf.get(dict, 'Kids');
  const shown = (widget: PdfDict): PdfDict => {
    const appearance = update.add(drawValue(value, look, boxOf(pdf, widget, name)));
    return widget.with({ AP: (pdf.getDict(widget, 'AP') ?? new PdfDict()).with({ N: appearance }) });
  };
  if (!Array.isArray(kids)) {
    update.put(ref, shown(dict).with({ V: textString(value) }));
    return;
  }
  update.put(ref, dict.with({ V: textString(value) }));
  for (const kid of kids) {
    const widget = pdf.resolve(kid);
    if (!(kid instanceof PdfRef) || !(widget instanceof PdfDict)) continue;
    refuseDuplicates(widget);
    update.put(kid, shown(widget));
  }
}

/** The box of a widget's appearance: that of the one it has, else its rectangle. */
function boxOf(
  pdf: PdfDocument,
  widget: PdfDict,
  field: string,
): { width: number; height: number; matrix: number[] } {
  const appearance = pdf.getDict(widget, 'AP');
  const normal = appearance ? pdf.get(appearance, 'N') : null;
  const held = normal instanceof PdfStream ? normal.dict : undefined;
  const box = numbers(pdf, held?.get('BBox')) ?? numbers(pdf, widget.get('Rect'));
  const [a = 0, b = 0, c = 0, d = 0] = box ?? [];
  const [width, height] = [Math.abs(c - a), Math.abs(d - b)];
  if (width === 0 || height === 0)
    throw new AnThuError('signing.field-not-fillable', { field, reason: 'no area' });
  const matrix = numbers(pdf, held?.get('Matrix'));
  return { width, height, matrix: matrix?.length === 6 ? matrix : [1, 0, 0, 1, 0, 0] };
}

function numbers(pdf: PdfDocument, object: PdfObject | undefined): number[] | undefined {
  const list = pdf.resolve(object);
  if (!Array.isArray(list)) return undefined;
  const found = list.map((item) => pdf.resolve(item));
  return found.every((item) => typeof item === 'number') ? found : undefined;
}
