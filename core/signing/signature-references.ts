import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfName, PdfRef, type PdfObject } from '../pdf/objects.ts';

/** Permissions of a certification: 1 nothing, 2 forms and signatures, 3 annotations too (ISO 32000-1 table 254). */
export type Certification = 1 | 2 | 3;

/** /Reference of a certification signature (ISO 32000-1 12.8.2.2). */
export function certificationReference(permission: Certification): PdfDict {
  return reference('DocMDP', { P: permission });
}

/** /Reference that makes a field's /Lock binding (ISO 32000-1 12.8.2.4); undefined when the field has none. */
export function lockReference(pdf: PdfDocument, field: PdfDict): PdfDict | undefined {
  const lock = pdf.getDict(field, 'Lock');
  const action = lock ? pdf.get(lock, 'Action') : null;
  if (!lock || !(action instanceof PdfName)) return undefined;
  const fields = pdf.get(lock, 'Fields');
  const root = pdf.trailer.get('Root');
  return reference(
    'FieldMDP',
    { Action: action, ...(Array.isArray(fields) ? { Fields: fields } : {}) },
    root instanceof PdfRef ? { Data: root } : {},
  );
}

function reference(
  method: string,
  parameters: Record<string, PdfObject>,
  more: Record<string, PdfObject> = {},
): PdfDict {
  return new PdfDict({
    Type: new PdfName('SigRef'),
    TransformMethod: new PdfName(method),
    TransformParams: new PdfDict({
      Type: new PdfName('TransformParams'),
      V: new PdfName('1.2'),
      ...parameters,
    }),
    ...more,
  });
}
