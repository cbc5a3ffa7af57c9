import type { PdfDocument } from '../pdf/document.ts';
import { walkFormFields } from '../pdf/form-fields.ts';
import { inheritedValue, withParents } from '../pdf/inherited.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, textOf, type PdfObject } from '../pdf/objects.ts';
import { appearanceShows, type ShownField } from './appearance-text.ts';
import { KnownOutlines } from './appearance/known-outlines.ts';
import { sharedNumbers } from './references.ts';
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
  /** Normal appearances that one widget alone uses, and nothing else, such as a page. */
  readonly appearances: ReadonlyMap<number, FillableField>;
}

const kinds: ReadonlyMap<string, FillableField['kind']> = new Map([
  ['Tx', 'text'],
  ['Ch', 'choice'],
  ['Btn', 'button'],
]);

function mapForm(pdf: PdfDocument): FormMap {
  const fields = new Map<number, FillableField>();
  const appearances = new Map<number, FillableField>();
  const shared = new Set<number>();
  for (const { name, ref, dict, type, terminal } of walkFormFields(pdf)) {
    const kind = kinds.get(type ?? '');
    if (!kind || !terminal || !ref || isReadOnly(pdf, dict)) continue;
    const kids = pdf.get(dict, 'Kids');
    const widgets = Array.isArray(kids)
      ? kids.flatMap((kid) => (kid instanceof PdfRef ? [kid.num] : []))
      : [ref.num];
    // A widget inside the list could not show another value.
    if (Array.isArray(kids) && widgets.length < kids.length) continue;
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
  if (appearances.size > 0) for (const num of sharedNumbers(pdf, [pdf.trailer])) appearances.delete(num);
  return { fields, appearances };
}

/** Whether the signer said that nobody fills the field in: /Ff, its own or inherited (ISO 32000-1 12.7.3.1). */
function isReadOnly(pdf: PdfDocument, field: PdfDict): boolean {
  for (const node of withParents(pdf, field)) {
    const flags = pdf.get(node, 'Ff');
    if (typeof flags === 'number') return (flags & 1) !== 0;
  }
  return false;
}

/** /AP /N as written. */
function normalAppearance(pdf: PdfDocument, widget: PdfObject): PdfObject {
  const appearance = widget instanceof PdfDict ? pdf.getDict(widget, 'AP') : undefined;
  return appearance?.get('N') ?? null;
}

function textValue(pdf: PdfDocument, dict: PdfObject): string | undefined {
  const value = dict instanceof PdfDict ? (inheritedValue(pdf, dict, 'V') ?? null) : null;
  if (value === null) return '';
  if (value instanceof PdfString) return textOf(value);
  return value instanceof PdfName ? value.value : undefined;
}

/** What a choice shows for its value: the second of a pair of /Opt. */
function optionText(pdf: PdfDocument, field: PdfDict, value: string): string {
  const options = pdf.get(field, 'Opt');
  for (const item of Array.isArray(options) ? options : []) {
    const pair = pdf.resolve(item);
    if (!Array.isArray(pair)) continue;
    const [exported, shown] = pair.map((part) => pdf.resolve(part));
    if (exported instanceof PdfString && shown instanceof PdfString && textOf(exported) === value)
      return textOf(shown);
  }
  return value;
}

const fillKeys: Readonly<Record<FillableField['kind'], ReadonlySet<string>>> = {
  text: new Set(['V', 'AP', 'M']),
  choice: new Set(['V', 'AP', 'I', 'M']),
  button: new Set(['V', 'AS', 'M']),
};

/** What {@link FormFill} compares by. */
interface FormFillContext {
  readonly before: PdfDocument;
  readonly after: PdfDocument;
  /** Everything the signed revision leads to, by object number. */
  readonly referenced: Pick<ReadonlySet<number>, 'has'>;
  mayFill(fieldName: string): boolean;
}

/** Recognises a field that was given another value, its appearance showing just that value. */
export class FormFill {
  readonly #before: PdfDocument;
  readonly #after: PdfDocument;
  readonly #context: FormFillContext;
  readonly #outlines: KnownOutlines;
  #map: FormMap | undefined;
  /** By the field's object number: two fields may have one name. */
  readonly #verdicts = new Map<number, boolean>();

  constructor(context: FormFillContext) {
    this.#before = context.before;
    this.#after = context.after;
    this.#context = context;
    this.#outlines = new KnownOutlines(context.before);
  }

  /** Whether the change of object `num` is part of filling in one field and nothing else. */
  accepts(num: number, before: PdfObject, after: PdfObject): boolean {
    this.#map ??= mapForm(this.#before);
    const own = this.#map.fields.get(num);
    const field = own ?? this.#map.appearances.get(num);
    if (!field || !this.#context.mayFill(field.name)) return false;
    if (own) {
      if (!(before instanceof PdfDict) || !(after instanceof PdfDict) || after.duplicates.length > 0)
        return false;
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
    if (!current || current.duplicates.length > 0) return false;
    return changedKeys(old ?? new PdfDict(), current).every((key) => key === 'N');
  }

  #isFilled(field: FillableField): boolean {
    const known = this.#verdicts.get(field.num);
    if (known !== undefined) return known;
    const valueIn = (pdf: PdfDocument): string | undefined => {
      const value = textValue(pdf, pdf.load(field.num));
      // A box without a value is off (ISO 32000-1 12.7.4.2.3): leaving it out changes nothing and fills nothing in.
      return value === '' && field.kind === 'button' ? 'Off' : value;
    };
    const [old, value] = [valueIn(this.#before), valueIn(this.#after)];
    const filled =
      old !== undefined &&
      value !== undefined &&
      old !== value &&
      field.widgets.every((num) => this.#bearsNoOther(num, value)) &&
      field.widgets.every((num) =>
        field.kind === 'button' ? this.#showsState(num, value) : this.#showsText(num, value),
      );
    this.#verdicts.set(field.num, filled);
    return filled;
  }

  /** A widget beside its field may bear a value of its own, which viewers put first: it must be the field's. */
  #bearsNoOther(num: number, value: string): boolean {
    const widget = this.#after.load(num);
    if (!(widget instanceof PdfDict) || widget.get('V') === undefined) return true;
    return (textValue(this.#after, widget) || 'Off') === (value || 'Off');
  }

  #showsText(num: number, value: string): boolean {
    const widget = this.#after.load(num);
    const signed = this.#before.load(num);
    if (!(widget instanceof PdfDict) || !(signed instanceof PdfDict)) return false;
    const normal = normalAppearance(this.#after, widget);
    const signedNormal = normalAppearance(this.#before, signed);
    if (normal === null) return signedNormal === null;
    const signedLook = this.#before.resolve(signedNormal);
    const marks = this.#before.getDict(signed, 'MK') ?? new PdfDict();
    const field: ShownField = {
      value: optionText(this.#before, signed, value),
      rect: this.#before.get(signed, 'Rect'),
      background: this.#before.get(marks, 'BG'),
      border: this.#before.get(marks, 'BC'),
      matrix: signedLook instanceof PdfStream ? this.#before.get(signedLook.dict, 'Matrix') : undefined,
    };
    const { referenced } = this.#context;
    const context = { after: this.#after, referenced, outlines: this.#outlines };
    return appearanceShows(context, this.#after.resolve(normal), field);
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
