import { damaged, overLimit } from './damage.ts';
import type { PdfDocument } from './document.ts';
import { PdfDict, PdfRef, PdfString, textOf, type PdfObject } from './objects.ts';

/** A terminal or inner field of the form, with what it inherits. */
export interface FormField {
  /** Fully qualified name, parts joined by dots. */
  readonly name: string;
  /** Its object, when indirect. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  /** Field type, inherited: `Sig`, `Tx` … */
  readonly type: string | undefined;
  /** True when it has no child fields. */
  readonly terminal: boolean;
}

/** Units of work (work.ts) for a field. */
const FIELD_WORK = 50;

/** Walks the form's fields (loop-safe). Throws `pdf.damaged` on loops, `pdf.limit` on too many. */
export function* walkFormFields(pdf: PdfDocument): Generator<FormField> {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm');
  const roots = form ? pdf.get(form, 'Fields') : null;
  if (!Array.isArray(roots)) return;
  const seen = new Set<number>();
  let visited = 0;
  const stack: { object: PdfObject; parent: string; type: string | undefined; depth: number }[] = [];
  const push = (items: readonly PdfObject[], parent: string, type: string | undefined, depth: number) => {
    for (let i = items.length - 1; i >= 0; i--) stack.push({ object: items[i] ?? null, parent, type, depth });
  };
  if (roots.length > pdf.limits.fields) throw overLimit('fields', pdf.limits.fields);
  push(roots, '', undefined, 0);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { object, parent, depth } = next;
    if (depth > pdf.limits.depth) throw overLimit('depth', pdf.limits.depth);
    if (++visited > pdf.limits.fields) throw overLimit('fields', pdf.limits.fields);
    pdf.work.spend(FIELD_WORK + next.parent.length / 8);
    const ref = object instanceof PdfRef ? object : undefined;
    if (ref && seen.has(ref.num)) throw damaged('form-tree');
    if (ref) seen.add(ref.num);
    const dict = pdf.resolve(object);
    if (!(dict instanceof PdfDict)) continue;
    const partial = pdf.get(dict, 'T');
    const part = partial instanceof PdfString ? textOf(partial) : undefined;
    const name = part === undefined ? parent : parent ? `${parent}.${part}` : part;
    const type = nameValue(pdf.get(dict, 'FT')) ?? next.type;
    const kids = pdf.get(dict, 'Kids');
    // Each is looked up: whether it is a field or a widget.
    if (Array.isArray(kids) && kids.length > pdf.limits.fields) throw overLimit('fields', pdf.limits.fields);
    const childFields = Array.isArray(kids) ? kids.filter((kid) => isField(pdf, kid)) : [];
    push(childFields, name, type, depth + 1);
    yield { name, ref, dict, type, terminal: childFields.length === 0 };
  }
}

/** A kid is a field when it has a partial name; else it is only a widget of its parent. */
function isField(pdf: PdfDocument, kid: PdfObject): boolean {
  const dict = pdf.resolve(kid);
  return dict instanceof PdfDict && dict.get('T') !== undefined;
}

function nameValue(object: PdfObject): string | undefined {
  return typeof object === 'object' && object !== null && 'value' in object ? object.value : undefined;
}
