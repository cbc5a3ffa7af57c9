import { rm } from 'node:fs/promises';
import { renameDurably } from '../../shared/durable-fs.ts';
import { extendPdf, type ExtendedPdf, type ExtendPdfOptions } from '../../signing/extend-pdf.ts';
import { wrapWriteErrors } from '../../signing/file-errors.ts';

/**
 * Raises an output that an earlier run left below its level (`--resume`): beside it first, then in its place, so that a whole
 * file stands there at any moment. Only bytes behind the signature are new. Throws what {@link extendPdf} throws.
 */
export async function raiseFinished(
  outputPath: string,
  options: Omit<ExtendPdfOptions, 'inputPath' | 'outputPath' | 'existing'>,
): Promise<ExtendedPdf> {
  const raisedPath = `${outputPath}.raised`;
  try {
    const raised = await extendPdf({
      ...options,
      inputPath: outputPath,
      outputPath: raisedPath,
      existing: 'replace',
    });
    await wrapWriteErrors(outputPath, () => renameDurably(raisedPath, outputPath));
    return { ...raised, outputPath };
  } finally {
    await rm(raisedPath, { force: true });
  }
}
