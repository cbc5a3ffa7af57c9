import { expect } from 'vitest';
import type { PdfDocument } from '../../core/pdf/document.ts';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../../core/pdf/objects.ts';
import { codes, type Workshop } from './signed-files.ts';

/** Something that is done to a file behind its signature. */
export type Change = (update: IncrementalUpdate, pdf: PdfDocument) => void;

/** The dictionary with this object number, a stream's too. */
export function dict(pdf: PdfDocument, num: number): PdfDict {
  const object = pdf.load(num);
  if (object instanceof PdfStream) return object.dict;
  if (object instanceof PdfDict) return object;
  throw new Error(`object ${num} is no dictionary`);
}

/** Changes entries of a dictionary. */
export const set =
  (num: number, changes: Record<string, PdfObject | undefined>): Change =>
  (update, pdf) =>
    update.put(new PdfRef(num), dict(pdf, num).with(changes));

/** Gives a stream other content, and other entries. */
export const restream =
  (num: number, text: string, changes: Record<string, PdfObject> = {}): Change =>
  (update, pdf) =>
    update.put(
      new PdfRef(num),
      new PdfStream(dict(pdf, num).with({ Length: undefined, ...changes }), { bytes: Buffer.from(text) }),
    );

/** The file is as changed after signing as can be, each of its signatures says so, and why. */
export async function expectFailed(shop: Workshop, file: Uint8Array): Promise<void> {
  const report = await shop.verify(await shop.write('attack.pdf', file));
  expect(report.verdict).toBe('invalid');
  for (const signature of report.signatures) {
    expect(signature).toMatchObject({ indication: 'TOTAL_FAILED', subIndication: 'FORMAT_FAILURE' });
    expect(codes(signature)).not.toEqual([]);
  }
}
