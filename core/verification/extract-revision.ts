import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openPdf } from '../pdf/document.ts';
import { readSignatureFields, type SignatureField } from '../pdf/signature-fields.ts';
import { readStraySignatures } from '../pdf/stray-signatures.ts';
import { AnThuError } from '../shared/errors.ts';
import { readSignedRange } from './byte-range.ts';

export interface ExtractRevisionOptions {
  readonly path: string;
  /** Name of the signature field whose revision is wanted. */
  readonly field: string;
  /** Must not exist. */
  readonly outputPath: string;
  readonly password?: string;
}

/**
 * Writes the file as it was when one of its signatures was made, to be shown beside the current one
 * (findings/signing-peers.md §3.5, "Show the signed revision"). Gives its size in bytes. Throws
 * `verification.no-such-signature`, `general.output-exists`, and what opening a PDF throws.
 */
export async function extractSignedRevision(options: ExtractRevisionOptions): Promise<number> {
  const pdf = openPdf(options.path, { password: options.password ?? '' });
  let end: number | undefined;
  try {
    const isMeant = ({ fieldName }: SignatureField): boolean => fieldName === options.field;
    const field = readSignatureFields(pdf).find(isMeant) ?? readStraySignatures(pdf).find(isMeant);
    end = field && readSignedRange(pdf, field)?.end;
  } finally {
    pdf.close();
  }
  if (end === undefined) throw new AnThuError('verification.no-such-signature', { field: options.field });
  try {
    await pipeline(
      createReadStream(options.path, { end: end - 1 }),
      createWriteStream(options.outputPath, { flags: 'wx' }),
    );
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!exists) throw error;
    throw new AnThuError('general.output-exists', { path: options.outputPath }, { cause: error });
  }
  return end;
}
