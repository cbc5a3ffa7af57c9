import { damaged } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import type { PdfDict } from '../pdf/objects.ts';
import { declaredPageCount } from '../pdf/pages.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { readSignedFields } from '../pdf/signed-fields.ts';
import { AnThuError } from '../shared/errors.ts';
import { isAmbiguous } from '../verification/judge-coverage.ts';
import { mayBeRepairedAstray } from '../verification/repair-roads.ts';
import { readSignedRanges } from '../verification/signed-ranges.ts';
import { findUnsoundObject } from '../verification/sound-structure.ts';
import { MOST_PAGES } from './most-pages.ts';
import type { SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { warning } from '../shared/warning.ts';

/** A file that may be signed. */
export interface Signable {
  /** What bears a signature already, in the form and beside it. */
  readonly signed: readonly SignatureField[];
  readonly warnings: SigningWarning[];
}

/**
 * Refuses what must not be signed, also earlier signatures that our own verifier could not judge afterwards, and warns of what
 * may surprise a strict validator (signing-peers.md §3.1 "DocMDP", §3.2 points 5 and 7). Throws `pdf.damaged`,
 * `pdf.too-many-pages`, `pdf.limit`, `signing.not-permitted`, `signing.no-changes-allowed`, `signing.xfa`, `signing.portfolio`,
 * `signing.earlier-signature-broken`.
 */
export function checkSignable(pdf: PdfDocument, appearance: SignatureAppearance): Signable {
  if (pdf.cipher && !pdf.cipher.maySign) throw new AnThuError('signing.not-permitted');
  if (declaredPageCount(pdf) > MOST_PAGES) throw new AnThuError('pdf.too-many-pages', { max: MOST_PAGES });
  refuseAmbiguity(pdf);
  const catalog = pdf.catalog();
  refuseDuplicates(catalog, windowKeys);
  if (pdf.get(catalog, 'Collection') !== null) throw new AnThuError('signing.portfolio');
  const form = pdf.getDict(catalog, 'AcroForm');
  if (form) refuseDuplicates(form);
  if (form && pdf.get(form, 'XFA') !== null) throw new AnThuError('signing.xfa');
  const warnings: SigningWarning[] = [];
  const signed = readSignedFields(pdf, MOST_PAGES);
  const ranges = readSignedRanges(pdf, signed);
  for (const one of signed) {
    const { fieldName, field, signature } = one;
    // A verifier may take signed brackets kindly; nothing is built upon them.
    if (ranges.get(one)?.brackets !== 'in-gap')
      throw new AnThuError('signing.earlier-signature-broken', { field: fieldName });
    if (signature?.docMdp === 1 || locksEverything(pdf, field))
      throw new AnThuError('signing.no-changes-allowed');
    if (signature?.docMdp !== undefined && appearance.kind !== 'none') {
      warnings.push(warning('signing.certified-new-visible-field'));
    }
  }
  return { signed, warnings };
}

/** Nobody signs what two readers show differently (findings/pdf-attacks.md, "Reader confusion"). */
function refuseAmbiguity(pdf: PdfDocument): void {
  if (isAmbiguous(pdf) || mayBeRepairedAstray(pdf)) throw damaged('ambiguous');
  const object = findUnsoundObject(pdf);
  if (object !== undefined) throw new AnThuError('pdf.damaged', { reason: 'ambiguous', object });
}

/** A dictionary that is written again must be unambiguous, but for keys that decide nothing. */
export function refuseDuplicates(dict: PdfDict, harmless: ReadonlySet<string> = new Set()): void {
  if (dict.duplicates.some((key) => !harmless.has(key))) throw damaged('duplicate-keys');
}

/** How the window looks when the file is opened: writers repeat it, and it shows nothing of the document. */
const windowKeys: ReadonlySet<string> = new Set(['PageMode', 'PageLayout']);

/** A signed field's /Lock may forbid every later change, as DocMDP does (signing-peers.md §3.1, "DocMDP"). */
function locksEverything(pdf: PdfDocument, field: PdfDict): boolean {
  const lock = pdf.getDict(field, 'Lock');
  return lock !== undefined && pdf.get(lock, 'P') === 1;
}
