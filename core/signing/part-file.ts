import { createHash, type Hash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { openPdf, type PdfDocument } from '../pdf/document.ts';
import type { BuiltUpdate } from '../pdf/incremental-update.ts';
import { AnThuError } from '../shared/errors.ts';
import { wrapWriteErrors } from './file-errors.ts';
import { finishPart, type VerifyPart } from './finished-part.ts';
import { publishFile, refuseExisting, refuseOriginal, type ExistingOutput } from './output-file.ts';
import { partPathFor } from './part-name.ts';
import { copyHashing } from './prepare.ts';
import { writeInto } from './write-fully.ts';

/** Copies the input's first `bytes` into the part and hashes on the way; syncing is left to finishPart. Throws `signing.input-changed`, `signing.write-failed`. */
export async function copyToPart(
  inputPath: string,
  partPath: string,
  bytes: number,
): Promise<{ readonly state: Hash; readonly sha256: string }> {
  const state = createHash('sha256');
  await using input = await open(inputPath, 'r');
  await using part = await wrapWriteErrors(partPath, () => open(partPath, 'w', 0o600));
  const copied = await copyHashing(input, part, partPath, bytes, [state]);
  if (copied !== bytes || (await input.stat()).size !== bytes)
    throw new AnThuError('signing.input-changed', { path: inputPath });
  return { state, sha256: state.copy().digest('hex') };
}

export interface UpdateFileOptions {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly existing?: ExistingOutput;
  readonly password?: string | undefined;
  /** Judges the finished file before it gets its name; throwing discards it. */
  readonly verify?: VerifyPart;
}

export interface UpdatedFile {
  readonly outputPath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inputSha256: string;
  readonly prefixBytes: number;
}

/**
 * Writes the input with one incremental update behind it: part file, comparison with the input, `verify`, rename.
 * The output appears whole or not at all. Throws `general.output-exists`, `signing.*`, `pdf.*`.
 */
export async function writeUpdatedFile(
  options: UpdateFileOptions,
  build: (pdf: PdfDocument) => Promise<BuiltUpdate>,
): Promise<UpdatedFile> {
  const { inputPath, outputPath, existing = 'refuse', password = '' } = options;
  await refuseOriginal(inputPath, outputPath);
  await refuseExisting(outputPath, existing);
  const partPath = partPathFor(outputPath);
  const pdf = openPdf(inputPath, { password });
  try {
    const update = await build(pdf);
    const { state, sha256 } = await copyToPart(inputPath, partPath, pdf.source.size);
    await writeInto(partPath, update.bytes, update.offset);
    const file = {
      sha256: state.update(update.bytes).digest('hex'),
      bytes: update.offset + update.bytes.length,
    };
    await finishPart({ inputPath, partPath, inputBytes: update.offset, ...file }, options.verify);
    await publishFile(partPath, outputPath, existing);
    return {
      outputPath,
      ...file,
      inputSha256: sha256,
      prefixBytes: update.offset,
    };
  } catch (thrown) {
    await rm(partPath, { force: true });
    throw thrown;
  } finally {
    pdf.close();
  }
}
