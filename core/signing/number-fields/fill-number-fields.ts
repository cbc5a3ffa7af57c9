import { reason } from '../../shared/reasons.ts';
import type { PdfDocument } from '../../pdf/document.ts';
import { walkFormFields, type FormField } from '../../pdf/form-fields.ts';
import { IncrementalUpdate, type BuiltUpdate } from '../../pdf/incremental-update.ts';
import { PdfDict, PdfRef, PdfStream, textString, type PdfObject } from '../../pdf/objects.ts';
import { AnThuError } from '../../shared/errors.ts';
import { modificationRules } from '../../verification/modification-rules.ts';
import { writeUpdatedFile, type UpdatedFile, type UpdateFileOptions } from '../part-file.ts';
import { checkSignable, refuseDuplicates } from '../preconditions.ts';
import { subsetFontFor } from '../appearance/subset-font.ts';
import { copyFont } from '../appearance/form-import.ts';
import { drawValue, isAscii, readFieldLook, type ValueFont } from './field-look.ts';

/** Name of the subset in an appearance's resources. */
const LETTERS_NAME = 'AnThuChu';

export interface FillNumberFieldsOptions extends UpdateFileOptions {
  /** Values by field name: what the Times-metric font can write, Đ and the like among it. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Fills text fields in one incremental update: /V and an appearance and nothing else, so that earlier signatures stay
 * valid and the change counts as a permitted form fill (domain/vietnam.md §1.3; docs/decisions on changes after
 * signing). ASCII is written in the field's own font; a value with Vietnamese letters (QĐ) brings a subset of the
 * Times-metric font along, whose glyphs a verifier can compare with the ones it knows. Throws `signing.no-such-field`,
 * `signing.field-locked` when an earlier signer forbade it, `signing.field-not-fillable`,
 * `signing.text-not-drawable`, `signing.value-too-long`, and what {@link writeUpdatedFile} throws.
 */
export function fillNumberFields(options: FillNumberFieldsOptions): Promise<UpdatedFile> {
  return writeUpdatedFile(options, (pdf) => buildFilling(pdf, options.values));
}

async function buildFilling(
  pdf: PdfDocument,
  values: Readonly<Record<string, string>>,
): Promise<BuiltUpdate> {
  const { signed } = checkSignable(pdf, { kind: 'none' });
  const rules = modificationRules(pdf, signed);
  const fields = new Map([...walkFormFields(pdf)].map((field) => [field.name.normalize('NFC'), field]));
  const update = new IncrementalUpdate(pdf);
  const composed = Object.entries(values).map(([name, value]) => [name, value.normalize('NFC')] as const);
  const letters = await addLetters(
    update,
    composed.map(([, value]) => value),
  );
  for (const [written, value] of composed) {
    const name = written.normalize('NFC');
    const field = fields.get(name);
    if (!field) throw new AnThuError('signing.no-such-field', { field: name });
    if (!rules.mayChangeField(field.name)) throw new AnThuError('signing.field-locked', { field: name });
    fill(pdf, update, field, { value, letters });
  }
  return update.build();
}

function fill(
  pdf: PdfDocument,
  update: IncrementalUpdate,
  { name, dict, ref, type, terminal }: FormField,
  { value, letters }: { readonly value: string; readonly letters: ValueFont | undefined },
): void {
  if (type !== 'Tx' || !terminal || !ref)
    throw new AnThuError('signing.field-not-fillable', { field: name, reason: reason('field.not-text') });
  refuseDuplicates(dict);
  const own = readFieldLook(pdf, dict, name);
  const look = isAscii(value) || !letters ? own : { ...own, font: letters };
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

/** One subset for all values that need more than ASCII; undefined when none does. Throws `signing.text-not-drawable`. */
async function addLetters(
  update: IncrementalUpdate,
  values: readonly string[],
): Promise<ValueFont | undefined> {
  const written = values.filter((value) => !isAscii(value));
  if (written.length === 0) return undefined;
  const subset = await subsetFontFor(written.join(''));
  return {
    name: LETTERS_NAME,
    ref: copyFont(update, subset),
    measure: (value) => subset.measure(value, 1),
    operand: (value) => `<${subset.encode(value)}>`,
  };
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
    throw new AnThuError('signing.field-not-fillable', { field, reason: reason('field.no-area') });
  const matrix = numbers(pdf, held?.get('Matrix'));
  return { width, height, matrix: matrix?.length === 6 ? matrix : [1, 0, 0, 1, 0, 0] };
}

function numbers(pdf: PdfDocument, object: PdfObject | undefined): number[] | undefined {
  const list = pdf.resolve(object);
  if (!Array.isArray(list)) return undefined;
  const found = list.map((item) => pdf.resolve(item));
  return found.every((item) => typeof item === 'number') ? found : undefined;
}
