import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DigestAlgorithm, SignatureScheme, SigningKey } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';
import type { ErrorValue } from '../contract/errors/value.ts';
import { CadesSigner } from './cades-signer.ts';
import { embedSignature } from './embed.ts';
import { wrapWriteErrors } from './file-errors.ts';
import { prepareSignature } from './prepare.ts';
import type { SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { requestTimestamp } from './timestamp-client.ts';

export interface SignPdfOptions {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly key: SigningKey;
  readonly level: 'B-B' | 'B-T';
  /** Needed for B-T; without it the timestamp stays pending. */
  readonly tsa?: { readonly url: string; readonly deadlineMs?: number };
  /** ISO 8601 with offset. */
  readonly signingTime: string;
  readonly appearance?: SignatureAppearance;
  readonly fieldName?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly reserveBytes?: number;
  readonly digestAlgorithm?: DigestAlgorithm;
  readonly scheme?: SignatureScheme;
  /** `replace` overwrites an output that exists; `refuse` is the default. */
  readonly existing?: 'refuse' | 'replace';
  /** Judges the finished file before it gets its name; throwing discards it. */
  readonly verify?: (path: string) => Promise<void>;
}

export interface SignedPdf {
  readonly outputPath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inputSha256: string;
  readonly prefixBytes: number;
  readonly prefixSha256: string;
  readonly requestedLevel: 'B-B' | 'B-T';
  readonly level: 'B-B' | 'B-T';
  readonly pending: readonly 'timestamp'[];
  readonly timestampError?: ErrorValue;
  readonly fieldName: string;
  readonly pages: number;
  readonly warnings: readonly SigningWarning[];
}

/**
 * Signs one file from beginning to end: `<output>.part` in the target folder, check against the input, `verify`,
 * rename, sync of the folder. The output appears whole or not at all. A TSA that is away costs the level, not the
 * signature (`pending`). Throws `general.output-exists`, `signing.*`, `pdf.*`, and what key and `verify` throw.
 */
export async function signPdf(options: SignPdfOptions): Promise<SignedPdf> {
  const { outputPath, level } = options;
  await refuseOriginal(options);
  await refuseExisting(options);
  const partPath = `${outputPath}.part`;
  try {
    const prepared = await prepareSignature({ ...options, partPath });
    const signer = new CadesSigner(options.key, {
      scheme: options.scheme,
      digestAlgorithm: prepared.digestAlgorithm,
      timestamp: level === 'B-T' ? (digest) => stamp(options, digest) : undefined,
    });
    const built = await signer.signDigest(Buffer.from(prepared.digestHex, 'hex'));
    const embedded = await embedSignature(prepared, built.cms);
    await options.verify?.(partPath);
    await publishFile(partPath, outputPath, options.existing ?? 'refuse');
    return {
      outputPath,
      ...embedded,
      inputSha256: prepared.inputSha256,
      requestedLevel: level,
      level: built.level,
      pending: built.pending,
      timestampError: built.timestampError,
      fieldName: prepared.fieldName,
      pages: prepared.pages,
      warnings: prepared.warnings,
    };
  } catch (thrown) {
    await rm(partPath, { force: true });
    throw thrown;
  }
}

/**
 * Gives a finished, synced part file its name and syncs the folder. Throws `general.output-exists`,
 * `signing.write-failed`.
 */
export async function publishFile(
  partPath: string,
  outputPath: string,
  existing: 'refuse' | 'replace' = 'refuse',
): Promise<void> {
  await refuseExisting({ outputPath, existing });
  await wrapWriteErrors(outputPath, async () => {
    await rename(partPath, outputPath);
    if (process.platform === 'win32') return;
    await using folder = await open(dirname(outputPath), 'r');
    await folder.sync();
  });
}

async function stamp({ tsa }: SignPdfOptions, digest: Uint8Array): Promise<Uint8Array> {
  if (!tsa) throw new AnThuError('signing.tsa-unavailable', { reason: 'no TSA configured' });
  return requestTimestamp({ ...tsa, digest });
}

/** Not even on request is the original written over (house.md, "What never bends" 2). */
async function refuseOriginal({ inputPath, outputPath }: SignPdfOptions): Promise<void> {
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

async function refuseExisting({
  outputPath,
  existing,
}: Pick<SignPdfOptions, 'outputPath' | 'existing'>): Promise<void> {
  if (existing === 'replace') return;
  const exists = await access(outputPath).then(
    () => true,
    () => false,
  );
  if (exists) throw new AnThuError('general.output-exists', { path: outputPath });
}
