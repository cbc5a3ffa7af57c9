import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { withPdf } from '../../pdf/document.ts';
import { declaredPageCount } from '../../pdf/pages.ts';
import type { FileReport, SignatureReport } from '../../contract/verification.ts';
import { AnThuError } from '../../shared/errors.ts';
import { CHUNK_BYTES } from '../chunk-bytes.ts';

export interface FinishedOutputOptions {
  readonly inputPath: string;
  readonly outputPath: string;
  /** Of the key that signs the batch, DER. */
  readonly certificate: Uint8Array;
  readonly verify: (path: string) => Promise<FileReport>;
  /** Opens an encrypted file. */
  readonly password?: string | undefined;
}

/** An output that an earlier run of the same batch has finished. */
export interface FinishedOutput {
  readonly inputSha256: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly pages: number;
  readonly signature: SignatureReport;
}

/**
 * What an earlier run left at `outputPath`. An output appears whole or not at all, so the outputs are the journal of
 * a batch. Finished is only what begins with the whole input, byte for byte, and whose last signature was made by this
 * very certificate's key, is intact, and covers the file to its end (but for validation data and document timestamps).
 * Gives undefined when nothing is there; what runs left unfinished is not looked at (part-name.ts). Throws
 * `general.output-exists` for anything else that stands there, `general.no-such-input`.
 */
export async function findFinishedOutput(
  options: FinishedOutputOptions,
): Promise<FinishedOutput | undefined> {
  const { inputPath, outputPath } = options;
  await using output = await openIfThere(outputPath);
  if (!output) return undefined;
  await using input = await openIfThere(inputPath);
  if (!input) throw new AnThuError('general.no-such-input', { path: inputPath });
  const prefix = await hashCommonPrefix(input, output);
  const refused = new AnThuError('general.output-exists', { path: outputPath });
  if (!prefix) throw refused;
  const report = await options.verify(outputPath);
  const signature = ownSignature(report, options.certificate);
  if (!signature || report.sha256 === null) throw refused;
  const { size } = await output.stat();
  const pages = withPdf(outputPath, declaredPageCount, { password: options.password ?? '' });
  return { inputSha256: prefix.digest('hex'), sha256: report.sha256, bytes: size, pages, signature };
}

/** The last signature when it is ours, intact, and behind it stands at most what raised its level. */
function ownSignature({ signatures }: FileReport, certificate: Uint8Array): SignatureReport | undefined {
  const at = signatures.findLastIndex(({ kind }) => kind === 'signature');
  const own = signatures[at];
  const last = signatures.at(-1);
  if (!own || !last) return undefined;
  const isIntact = signatures
    .slice(at)
    .every(({ integrity, later }) => integrity === true && later !== 'forbidden');
  const isCovered =
    last.coverage === 'whole-file' ||
    (last.coverage === 'revision' && last.changes.every((change) => change.class === 'lta-update'));
  if (!isIntact || !isCovered) return undefined;
  return own.signer?.fingerprint === fingerprintOf(certificate) ? own : undefined;
}

const fingerprintOf = (certificate: Uint8Array): string =>
  createHash('sha256').update(certificate).digest('hex');

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** SHA-256 after the input's bytes; undefined unless the output is longer than the input and begins with all of it. */
async function hashCommonPrefix(input: FileHandle, output: FileHandle): Promise<Hash | undefined> {
  const { size } = await input.stat();
  if ((await output.stat()).size <= size) return undefined;
  const hash = createHash('sha256');
  const [ours, theirs] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
  for (let position = 0; position < size;) {
    const wanted = Math.min(CHUNK_BYTES, size - position);
    const [read, same] = await Promise.all([
      input.read(ours, 0, wanted, position),
      output.read(theirs, 0, wanted, position),
    ]);
    const chunk = ours.subarray(0, Math.min(read.bytesRead, same.bytesRead));
    if (chunk.length === 0 || !chunk.equals(theirs.subarray(0, chunk.length))) return undefined;
    hash.update(chunk);
    position += chunk.length;
  }
  return hash;
}
