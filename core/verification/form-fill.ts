import type { PdfDocument } from '../pdf/document.ts';
import { walkFormFields } from '../pdf/form-fields.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, textOf, type PdfObject } from '../pdf/objects.ts';
import { appearanceShows } from './appearance-text.ts';
import { changedKeys, sameObject } from './same-object.ts';

/** A field of the signed revision that people fill in, with its widgets. */
interface FillableField {
  readonly name: string;
  readonly kind: 'text' | 'choice' | 'button';
  /** Object number of the field itself. */
  readonly num: number;
  readonly widgets: readonly number[];
}

/** Which objects of the signed revision belong to which field. */
interface FormMap {
  readonly fields: ReadonlyMap<number, FillableField>;
  /** Normal appearances that one widget alone uses. */
  readonly appearances: ReadonlyMap<number, FillableField>;
}

const kinds: Readonly<Record<string, FillableField['kind']>> = { Tx: 'text', Ch: 'choice', Btn: 'button' };

function mapForm(pdf: PdfDocument): FormMap {
  const fields = new Map<number, FillableField>();
  const appearances = new Map<number, FillableField>();
  const shared = new Set<number>();
  for (const { name, ref, dict, type, terminal } of walkFormFields(pdf)) {
    const kind = kinds[type ?? ''];
    if (!kind || !terminal || !ref) continue;
    const kids = pdf.get(dict, 'Kids');
    const widgets = Array.isArray(kids)
      ? kids.flatMap((kid) => (kid instanceof PdfRef ? [kid.num] : []))
      : [ref.num];
    const field = { name, kind, num: ref.num, widgets };
    for (const num of [ref.num, ...widgets]) fields.set(num, field);
    for (const widget of widgets) {
      const normal = normalAppearance(pdf, pdf.load(widget));
      if (!(normal instanceof PdfRef)) continue;
      if (appearances.has(normal.num)) shared.add(normal.num);
      appearances.set(normal.num, field);
    }
  }
  for (const num of shared) appearances.delete(num);
  return { fields, appearances };
}

/** /AP /N as written. */
function normalAppearance(pdf: PdfDocument, widget: PdfObject): PdfObject {
  const appearance = widget instanceof PdfDict ? pdf.getDict(widget, 'AP') : undefined;
  return appearance?.get('N') ?? null;
}

function textValue(pdf: PdfDocument, dict: PdfObject): string | undefined {
  const value = dict instanceof PdfDict ? pdf.get(dict, 'V') : null;
  if (value === null) return '';
  if (value instanceof PdfString) return textOf(value);
  return value instanceof PdfName ? value.value : undefined;
}

const fillKeys: Readonly<Record<FillableField['kind'], ReadonlySet<string>>> = {
  text: new Set(['V', 'AP', 'M']),
  choice: new Set(['V', 'AP', 'I', 'M']),
  button: new Set(['V', 'AS', 'M']),
};

/** Recognises a field that was given another value, its appearance showing just that value. */
export class FormFill {
  readonly #before: PdfDocument;
  readonly #after: PdfDocument;
  readonly #mayFill: (fieldName: string) => boolean;
  #map: FormMap | undefined;
  readonly #verdicts = new Map<string, boolean>();

  constructor(before: PdfDocument, after: PdfDocument, mayFill: (fieldName: string) => boolean) {
    this.#before = before;
    this.#after = after;
    this.#mayFill = mayFill;
  }

  /** Whether the change of object `num` is part of filling in one field and nothing else. */
  accepts(num: number, before: PdfObject, after: PdfObject): boolean {
    this.#map ??= mapForm(this.#before);
    const own = this.#map.fields.get(num);
    const field = own ?? this.#map.appearances.get(num);
    if (!field || !this.#mayFill(field.name)) return false;
    if (own) {
      if (!(before instanceof PdfDict) || !(after instanceof PdfDict)) return false;
      if (changedKeys(before, after).some((key) => !fillKeys[field.kind].has(key))) return false;
      if (!this.#keepsAppearanceDictionary(before, after)) return false;
    } else if (field.kind === 'button' || !(before instanceof PdfStream && after instanceof PdfStream))
      return false;
    return this.#isFilled(field);
  }

  /** Only the normal appearance of a text may be new; rollover and pressed ones stay as they were. */
  #keepsAppearanceDictionary(before: PdfDict, after: PdfDict): boolean {
    if (sameObject(before.get('AP'), after.get('AP'))) return true;
    const [old, current] = [this.#before.getDict(before, 'AP'), this.#after.getDict(after, 'AP')];
    if (!current) return false;
    return changedKeys(old ?? new PdfDict(), current).every((key) => key === 'N');
  }

  #isFilled(field: FillableField): boolean {
    const known = this.#verdicts.get(field.name);
    if (known !== undefined) return known;
    const [old, value] = [
      textValue(this.#before, this.#before.load(field.num)),
      textValue(this.#after, this.#after.load(field.num)),
    ];
    const filled =
      old !== undefined &&
      value !== undefined &&
      old !== value &&
      field.widgets.every((num) =>
        field.kind === 'button' ? this.#showsState(num, value) : this.#showsText(num, value),
      );
    this.#verdicts.set(field.name, filled);
    return filled;
  }

  #showsText(num: number, value: string): boolean {
    const widget = this.#after.load(num);
    if (!(widget instanceof PdfDict)) return false;
    const normal = normalAppearance(this.#after, widget);
    if (normal === null) return normalAppearance(this.#before, this.#before.load(num)) === null;
    const rect = this.#after.get(widget, 'Rect');
    const documents = { before: this.#before, after: this.#after };
    return appearanceShows(documents, this.#after.resolve(normal), value, rect);
  }

  /** A box shows one of the states it already had: the field's value, or off. */
  #showsState(num: number, value: string): boolean {
    const widget = this.#after.load(num);
    const states = this.#before.resolve(normalAppearance(this.#before, this.#before.load(num)));
    if (!(widget instanceof PdfDict) || !(states instanceof PdfDict)) return false;
    const state = this.#after.get(widget, 'AS');
    if (!(state instanceof PdfName)) return false;
    if (state.value === 'Off') return states.get(value) === undefined || value === 'Off';
    return state.value === value && states.get(value) !== undefined;
  }
}
