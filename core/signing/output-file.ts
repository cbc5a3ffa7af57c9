import { access, stat } from 'node:fs/promises';
import { renameDurably, syncForeignFolder } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { wrapWriteErrors } from './file-errors.ts';

/** Whether an output that exists is overwritten. */
export type ExistingOutput = 'refuse' | 'replace';

/**
 * Gives a finished, synced part file its name and syncs the folder. Throws `general.output-exists`,
 * `signing.write-failed`.
 */
export async function publishFile(
  partPath: string,
  outputPath: string,
  existing: ExistingOutput = 'refuse',
): Promise<void> {
  await refuseExisting(outputPath, existing);
  await wrapWriteErrors(outputPath, async () => {
    await renameDurably(partPath, outputPath, syncForeignFolder);
  });
}

/** Not even on request is the original written over (house.md, "What never bends" 2). */
export async function refuseOriginal(inputPath: string, outputPath: string): Promise<void> {
  const [input, output] = await Promise.all([inputPath, outputPath].map(fileIdentity));
  if (output !== undefined && input === output)
    throw new AnThuError('signing.output-is-input', { path: outputPath });
}

/** Device and file number; undefined for a path that leads to nothing. */
function fileIdentity(path: string): Promise<string | undefined> {
  return stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
}

/** Throws `general.output-exists` unless the output may be replaced. */
export async function refuseExisting(outputPath: string, existing: ExistingOutput = 'refuse'): Promise<void> {
  if (existing === 'replace') return;
  const exists = await access(outputPath).then(
    () => true,
    () => false,
  );
  if (exists) throw new AnThuError('general.output-exists', { path: outputPath });
}
