import { overLimit } from './damage.ts';
import type { PdfDocument } from './document.ts';
import { walkFormFields } from './form-fields.ts';
import { PdfDict, PdfName, PdfRef, PdfString, textOf } from './objects.ts';

/** A signature dictionary as it stands in the current revision; nothing in it is checked. */
export interface SignatureDictionary {
  readonly dict: PdfDict;
  /** Object number of the dictionary; undefined when it stands inside its field. */
  readonly objectNumber: number | undefined;
  /** /Type: `Sig`, `DocTimeStamp`, or undefined. */
  readonly type: string | undefined;
  readonly filter: string | undefined;
  readonly subFilter: string | undefined;
  /** Raw numbers of /ByteRange; null when it is absent or not an array of numbers. */
  readonly byteRange: readonly number[] | null;
  /** Decoded /Contents with its padding; null when absent or not a string. */
  readonly contents: Uint8Array | null;
  /** File offset of the opening `<` (or `(`) of /Contents and the offset after its end; null inside object streams. */
  readonly contentsSpan: { readonly start: number; readonly end: number } | null;
  /** /M as written (`D:20261120150405+07'00'`). */
  readonly claimedTime: string | undefined;
  /** Permission of a /DocMDP reference of this signature (default 2 when the reference gives none). */
  readonly docMdp: number | undefined;
}

/** A signature field, signed or empty: of the form, or on a page alone (`stray-signatures.ts`). */
export interface SignatureField {
  readonly fieldName: string;
  /** Object number of the field; undefined when direct. */
  readonly fieldObjectNumber: number | undefined;
  readonly field: PdfDict;
  /** Undefined when the field is empty. */
  readonly signature: SignatureDictionary | undefined;
}

/** Every signature field of the current revision, in the order of the form. Throws `pdf.limit` past `limits.signatures` signed ones. */
export function readSignatureFields(pdf: PdfDocument): SignatureField[] {
  const fields: SignatureField[] = [];
  let signed = 0;
  for (const { name, ref, dict, type, terminal } of walkFormFields(pdf)) {
    if (type !== 'Sig' || !terminal) continue;
    const signature = readSignature(pdf, dict);
    if (signature && ++signed > pdf.limits.signatures) throw overLimit('signatures', pdf.limits.signatures);
    fields.push({
      fieldName: name,
      fieldObjectNumber: ref?.num,
      field: dict,
      signature,
    });
  }
  return fields;
}

/** The signature dictionary of a field; undefined when it has none. */
export function readSignature(pdf: PdfDocument, field: PdfDict): SignatureDictionary | undefined {
  const reference = field.get('V');
  const dict = pdf.resolve(reference);
  if (!(dict instanceof PdfDict)) return undefined;
  const contents = pdf.get(dict, 'Contents');
  const time = pdf.get(dict, 'M');
  return {
    dict,
    objectNumber: reference instanceof PdfRef ? reference.num : undefined,
    type: nameOf(pdf, dict, 'Type'),
    filter: nameOf(pdf, dict, 'Filter'),
    subFilter: nameOf(pdf, dict, 'SubFilter'),
    byteRange: numbersOf(pdf, dict),
    contents: contents instanceof PdfString ? contents.bytes : null,
    contentsSpan: contents instanceof PdfString ? (contents.span ?? null) : null,
    claimedTime: time instanceof PdfString ? textOf(time) : undefined,
    docMdp: readDocMdp(pdf, dict),
  };
}

function nameOf(pdf: PdfDocument, dict: PdfDict, key: string): string | undefined {
  const value = pdf.get(dict, key);
  return value instanceof PdfName ? value.value : undefined;
}

function numbersOf(pdf: PdfDocument, dict: PdfDict): number[] | null {
  const value = pdf.get(dict, 'ByteRange');
  if (!Array.isArray(value)) return null;
  const numbers: number[] = [];
  // Four are right; that there are more is seen by one.
  for (const item of value.slice(0, 5)) {
    const number = pdf.resolve(item);
    if (typeof number !== 'number') return null;
    numbers.push(number);
  }
  return numbers;
}

function readDocMdp(pdf: PdfDocument, signature: PdfDict): number | undefined {
  const references = pdf.get(signature, 'Reference');
  if (!Array.isArray(references)) return undefined;
  for (const item of references) {
    const reference = pdf.resolve(item);
    if (!(reference instanceof PdfDict) || nameOf(pdf, reference, 'TransformMethod') !== 'DocMDP') continue;
    const permission = pdf.get(pdf.getDict(reference, 'TransformParams') ?? new PdfDict(), 'P');
    return typeof permission === 'number' ? permission : 2;
  }
  return undefined;
}
