import type { Secrecy, Urgency } from '../../core/contract/reading.ts';

/** Invented names used in the samples; no such agency or person exists. */
export interface SampleNames {
  /** Commune that receives the letters, without `xã`. */
  readonly commune: string;
  /** Its province, without `tỉnh`. */
  readonly province: string;
}

export const defaultNames: SampleNames = { commune: 'Hòa Thịnh', province: 'An Lạc' };

/** A sample letter: the cells (ô) of Decree 30's layout with their texts (domain/vietnam.md §1.3). */
export interface Letter {
  readonly slug: string;
  /** Ô 2, governing body: capitals, regular. */
  readonly parentLines: readonly string[];
  /** Ô 2, issuing body: capitals, bold, rule below. */
  readonly issuerLines: readonly string[];
  /** Ô 3. */
  readonly number: string;
  readonly notation: string;
  /** Ô 4. */
  readonly place: string;
  /** `yyyy-MM-dd`. */
  readonly date: string;
  readonly typeId: number;
  readonly typeName: string;
  /** Trích yếu as printed, in one line (a công văn's starts with `V/v`). */
  readonly subject: string;
  readonly addressees: readonly string[];
  readonly paragraphs: readonly Paragraph[];
  readonly authorityLines: readonly string[];
  readonly signerName: string;
  readonly recipients: readonly string[];
  /** Texts of the round stamp: around the rim and in the middle. */
  readonly stamp: { readonly rim: string; readonly centre: string };
  readonly urgency: Urgency;
  readonly secrecy: Secrecy;
}

export interface Paragraph {
  readonly text: string;
  readonly look?: 'plain' | 'italic' | 'bold-centre' | 'article' | undefined;
}

/** What a reader ought to find in a sample; written as JSON beside each sample file. */
export interface SampleTruth {
  readonly slug: string;
  readonly docNumber: string;
  readonly docNotation: string;
  readonly docDate: string;
  readonly issuer: string;
  readonly typeId: number;
  readonly typeName: string;
  readonly subject: string;
  readonly urgency: Urgency;
  readonly secrecy: Secrecy;
  readonly signerName: string;
  readonly addressees: readonly string[];
  readonly pages: number;
  /** Dots per inch of the scan; null for a born-digital document. */
  readonly dpi: number | null;
}

export function truthOf(letter: Letter, pages: number, dpi: number | null): SampleTruth {
  return {
    slug: letter.slug,
    docNumber: letter.number,
    docNotation: letter.notation,
    docDate: letter.date,
    issuer: letter.issuerLines.join(' '),
    typeId: letter.typeId,
    typeName: letter.typeName,
    subject: letter.subject,
    urgency: letter.urgency,
    secrecy: letter.secrecy,
    signerName: letter.signerName,
    addressees: letter.addressees,
    pages,
    dpi,
  };
}
