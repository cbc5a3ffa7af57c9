import { expect } from 'vitest';
import type { PdfDocument } from '../../core/pdf/document.ts';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../../core/pdf/objects.ts';
import type { FileReport } from '../../core/contract/verification.ts';
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

/** What a pattern's group finds in a file's bytes; a sample in which it finds nothing is not what the test takes it for. */
export function found(file: Uint8Array, pattern: RegExp): string {
  const match = pattern.exec(Buffer.from(file).toString('latin1'))?.[1];
  if (match === undefined) throw new Error(`${pattern} finds nothing`);
  return match;
}

/** Where the newest cross-reference section of a file begins, as its end says: the /Prev of the next one. */
export const lastSection = (file: Uint8Array): string => found(file, /startxref\s+(\d+)\s+%%EOF\s*$/);

/** The catalog that the newest trailer of a file names. */
export const lastRoot = (file: Uint8Array): string => found(file, /\/Root (\d+ 0 R)(?![\s\S]*\/Root)/);

const judge = async (shop: Workshop, file: Uint8Array, password?: string): Promise<FileReport> =>
  await shop.verify(await shop.write('attack.pdf', file), password === undefined ? {} : { password });

/**
 * The file is as changed after signing as can be, and its signatures (or the first alone, where the attack brings one of its own) say so,
 * and why.
 */
export async function expectFailed(
  shop: Workshop,
  file: Uint8Array,
  which: 'all' | 'first' = 'all',
): Promise<void> {
  const { verdict, signatures } = await judge(shop, file);
  expect(verdict).toBe('invalid');
  expect(signatures).not.toEqual([]);
  for (const signature of which === 'all' ? signatures : signatures.slice(0, 1)) {
    expect(signature).toMatchObject({ indication: 'TOTAL_FAILED', subIndication: 'FORMAT_FAILURE' });
    expect(codes(signature)).not.toEqual([]);
  }
}

/** Whatever readers make of the file, it is not valid here, nor any signature in it; what was found. */
export async function expectNeverPassed(
  shop: Workshop,
  file: Uint8Array,
  password?: string,
): Promise<FileReport> {
  const report = await judge(shop, file, password);
  expect(report.verdict).not.toBe('valid');
  expect(report.signatures.filter(({ indication }) => indication === 'TOTAL_PASSED')).toEqual([]);
  return report;
}
