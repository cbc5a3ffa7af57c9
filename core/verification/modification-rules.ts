import type { PdfDocument } from '../pdf/document.ts';
import { isName, PdfDict, PdfName, PdfString, textOf } from '../pdf/objects.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';

/** What certifications and locks allow behind a signed revision. */
export interface ModificationRules {
  readonly signatures: 'allowed' | 'forbidden';
  /** Annotations are for files certified with P=3 alone. */
  readonly annotations: 'allowed' | 'forbidden';
  /** Whether a field of this name may be filled in or signed. */
  mayChangeField(fieldName: string): boolean;
}

interface FieldLock {
  readonly action: 'All' | 'Include' | 'Exclude';
  readonly fields: readonly string[];
}

function readLock(pdf: PdfDocument, dict: PdfDict): FieldLock {
  const action = pdf.get(dict, 'Action');
  const listed = pdf.get(dict, 'Fields');
  const names = Array.isArray(listed) ? listed.map((item) => pdf.resolve(item)) : [];
  const fields = names.flatMap((name) => (name instanceof PdfString ? [textOf(name)] : []));
  const known = action instanceof PdfName ? action.value : '';
  // What is not understood locks everything.
  const isClear = Array.isArray(listed) && fields.length === names.length;
  return { action: isClear && (known === 'Include' || known === 'Exclude') ? known : 'All', fields };
}

function locks({ action, fields }: FieldLock, fieldName: string): boolean {
  const named = fields.some((name) => fieldName === name || fieldName.startsWith(`${name}.`));
  return action === 'All' || (action === 'Include' ? named : !named);
}

/** Locks of a signature: its field's /Lock and the FieldMDP transforms of its dictionary. */
function locksOf(pdf: PdfDocument, { field, signature }: SignatureField): FieldLock[] {
  const found: FieldLock[] = [];
  const lock = pdf.getDict(field, 'Lock');
  if (lock?.get('Action') !== undefined) found.push(readLock(pdf, lock));
  const references = signature ? pdf.get(signature.dict, 'Reference') : null;
  for (const item of Array.isArray(references) ? references : []) {
    const reference = pdf.resolve(item);
    if (!(reference instanceof PdfDict) || !isName(pdf.get(reference, 'TransformMethod'), 'FieldMDP'))
      continue;
    found.push(readLock(pdf, pdf.getDict(reference, 'TransformParams') ?? new PdfDict()));
  }
  return found;
}

/**
 * The rules that the signatures of a revision (the one in question and earlier ones) lay upon what follows: DocMDP
 * and /Lock /P by the strictest, FieldMDP and /Lock by all. Without certification fields may be filled in and signatures
 * added, annotations not (docs/decisions/changes-after-signing.md).
 */
export function modificationRules(pdf: PdfDocument, signed: readonly SignatureField[]): ModificationRules {
  const permissions = signed.flatMap((item) => {
    const lock = pdf.getDict(item.field, 'Lock');
    const lockPermission = lock ? pdf.get(lock, 'P') : null;
    return [item.signature?.docMdp, lockPermission].flatMap((value) =>
      typeof value === 'number' ? [value === 2 || value === 3 ? value : 1] : [],
    );
  });
  const strictest = permissions.length > 0 ? Math.min(...permissions) : undefined;
  const certified = signed.some(({ signature }) => signature?.docMdp === 3);
  const fieldLocks = signed.flatMap((item) => locksOf(pdf, item));
  return {
    signatures: strictest === 1 ? 'forbidden' : 'allowed',
    annotations: strictest === 3 && certified ? 'allowed' : 'forbidden',
    mayChangeField: (fieldName) => strictest !== 1 && !fieldLocks.some((lock) => locks(lock, fieldName)),
  };
}
