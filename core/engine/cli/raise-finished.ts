import { rm } from 'node:fs/promises';
import { asAnThuError, toErrorValue } from '../../shared/errors.ts';
import { renameDurably, syncForeignFolder } from '../../shared/durable-fs.ts';
import { extendPdf, type ExtendPdfOptions } from '../../signing/extend-pdf.ts';
import { wrapWriteErrors } from '../../signing/file-errors.ts';
import { partPathFor } from '../../signing/part-name.ts';
import type { ReachedLevel } from '../../signing/levels.ts';

type RaisedOutput = Pick<ReachedLevel, 'level' | 'pending' | 'timestampError' | 'revocationError'> & {
  readonly outputPath: string;
  readonly sha256: string;
  readonly bytes: number;
};

/** An output as an earlier run left it. */
type FinishedBelow = Omit<RaisedOutput, 'timestampError' | 'revocationError'>;

/**
 * Raises an output that an earlier run left below its level (`--resume`): beside it first, then in its place, so that a whole
 * file stands there at any moment. Only bytes behind the signature are new. A disk without room for it costs the level: the output
 * stays as it is. Throws what else {@link extendPdf} throws.
 */
export async function raiseFinished(
  finished: FinishedBelow,
  options: Omit<ExtendPdfOptions, 'inputPath' | 'outputPath' | 'existing'>,
): Promise<RaisedOutput> {
  const { outputPath } = finished;
  const raisedPath = partPathFor(outputPath);
  try {
    const raised = await extendPdf({
      ...options,
      inputPath: outputPath,
      outputPath: raisedPath,
      existing: 'replace',
    });
    await wrapWriteErrors(outputPath, () => renameDurably(raisedPath, outputPath, syncForeignFolder));
    return { ...raised, outputPath };
  } catch (thrown) {
    const error = asAnThuError(thrown);
    if (error.code !== 'signing.write-failed' && error.code !== 'store.disk-full') throw thrown;
    return { ...finished, timestampError: toErrorValue(error) };
  } finally {
    await rm(raisedPath, { force: true });
  }
}
