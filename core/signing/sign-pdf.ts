import { open, rm } from 'node:fs/promises';
import type { DigestAlgorithm, SignatureScheme, SigningKey } from '../ports/signing-key.ts';
import { CadesSigner } from './cades-signer.ts';
import type { ConcernPolicy } from './concerns.ts';
import { assertFits } from './embed.ts';
import { wrapWriteErrors } from './file-errors.ts';
import { finishPart, type VerifyPart } from './finished-part.ts';
import type { LevelServices, PadesLevel, ReachedLevel } from './levels.ts';
import { publishFile, refuseExisting, refuseOriginal, type ExistingOutput } from './output-file.ts';
import { partPathFor } from './part-name.ts';
import { preparePart, type PreparedPart } from './prepare.ts';
import type { SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { signInMemory } from './sign-in-memory.ts';
import { SigningEvidence, type SignedPart } from './signing-evidence.ts';
import { writeInto } from './write-fully.ts';

export interface SignPdfOptions extends LevelServices {
  readonly inputPath: string;
  readonly outputPath: string;
  /** Where the output is made, in its folder; by default a name of this run's own. */
  readonly partPath?: string;
  /** May still be on its way (a token that is being unlocked): at every level but B-LT the file is read and hashed meanwhile. */
  readonly key: SigningKey | Promise<SigningKey>;
  readonly level: PadesLevel;
  /** ISO 8601 with offset. */
  readonly signingTime: string;
  readonly appearance?: SignatureAppearance;
  readonly fieldName?: string;
  readonly certify?: 1 | 2 | 3 | undefined;
  readonly reason?: string;
  readonly location?: string;
  readonly reserveBytes?: number;
  /** User or owner password of an encrypted file. */
  readonly password?: string | undefined;
  readonly digestAlgorithm?: DigestAlgorithm;
  readonly scheme?: SignatureScheme;
  /** What is done with what stands out in the file; what is told is among the warnings. Default: nobody looks. */
  readonly concerns?: ConcernPolicy;
  /** `replace` overwrites an output that exists; `refuse` is the default. */
  readonly existing?: ExistingOutput;
  /** Judges the finished file before it gets its name; throwing discards it. */
  readonly verify?: VerifyPart;
  /** Makes the new name in a folder durable; a batch does it for many files at once. Default: a sync of the folder. */
  readonly syncName?: (folder: string) => Promise<void>;
}

export interface SignedPdf extends ReachedLevel {
  readonly outputPath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inputSha256: string;
  readonly prefixBytes: number;
  readonly prefixSha256: string;
  readonly requestedLevel: PadesLevel;
  readonly fieldName: string;
  readonly pages: number;
  readonly warnings: readonly SigningWarning[];
}

/**
 * Signs one file from beginning to end: a part in the target folder ({@link partPathFor}); it goes to the disk while it is checked
 * against the input and judged by `verify`; rename, sync of the folder. The output appears whole or not at all. A small
 * file is held in memory, a large one streamed, its hash state continued from step to step. Validation data is fetched while the file is
 * hashed; for B-LT it stands in the signature's own update, for B-LTA it follows with the document timestamp in
 * one more. A service that is away costs the level, not the signature (`pending`). Throws
 * `signing.certificate-revoked` before the key is asked, `general.output-exists`, `signing.*`, `pdf.*`, and what key
 * and `verify` throw.
 */
export async function signPdf(options: SignPdfOptions): Promise<SignedPdf> {
  return (await signInMemory(options)) ?? (await signStreaming(options));
}

async function signStreaming(options: SignPdfOptions): Promise<SignedPdf> {
  const { inputPath, outputPath, level, existing = 'refuse' } = options;
  await refuseOriginal(inputPath, outputPath);
  await refuseExisting(outputPath, existing);
  const { partPath = partPathFor(outputPath) } = options;
  const evidence = new SigningEvidence(options, needsChain(level) ? options.key : undefined);
  let flushing: Promise<void> | undefined;
  try {
    // Only here the update itself holds what the key's certificate leads to.
    if (level === 'B-LT') await options.key;
    const store = level === 'B-LT' ? await evidence.forecast() : undefined;
    const part = await preparePart({ ...options, partPath }, store, options.concerns);
    const { prepared } = part;
    // The copy goes to the disk while token and services are asked.
    flushing = flushPart(partPath);
    flushing.catch(() => undefined); // awaited below, whatever happens
    await evidence.refuseRevoked();
    const key = await options.key;
    const signer = new CadesSigner(key, {
      scheme: options.scheme,
      digestAlgorithm: prepared.digestAlgorithm,
      reserveBytes: prepared.reserveBytes,
      timestamp: level === 'B-B' ? undefined : (digest) => evidence.stamp(digest),
    });
    const built = await signer.signDigest(Buffer.from(prepared.digestHex, 'hex'));
    const raised = await evidence.raise(partPath, built, await writeCms(part, built.cms));
    const { inputBytes, inputSha256 } = prepared;
    const { bytes, sha256 } = raised;
    await finishPart({ inputPath, partPath, inputBytes, bytes, sha256 }, options.verify);
    await flushing;
    await publishFile(partPath, outputPath, existing);
    return {
      outputPath,
      prefixBytes: inputBytes,
      prefixSha256: inputSha256,
      inputSha256,
      requestedLevel: level,
      ...raised,
      fieldName: prepared.fieldName,
      pages: prepared.pages,
      warnings: prepared.warnings,
    };
  } catch (thrown) {
    await flushing?.catch(() => undefined);
    await rm(partPath, { force: true });
    throw thrown;
  }
}

/** Whether the level asks for the revocation state of the signer's chain. */
function needsChain(level: PadesLevel): boolean {
  return level === 'B-LT' || level === 'B-LTA';
}

async function flushPart(partPath: string): Promise<void> {
  await using part = await open(partPath, 'r+');
  await wrapWriteErrors(partPath, () => part.datasync());
}

/** Puts the CMS into the part, and into the hash state that is continued. Throws `signing.contents-too-small`, `signing.write-failed`. */
async function writeCms(
  { prepared, appended, inputState, reserved }: PreparedPart,
  cms: Uint8Array,
): Promise<SignedPart> {
  const { partPath, contentsOffset, inputBytes } = prepared;
  assertFits(cms, prepared.reserveBytes);
  const hex = Buffer.from(Buffer.from(cms).toString('hex'), 'latin1');
  appended.set(hex, contentsOffset + 1 - inputBytes);
  await writeInto(partPath, hex, contentsOffset + 1);
  const state = inputState.update(appended);
  return { sha256: state.copy().digest('hex'), bytes: inputBytes + appended.length, state, reserved };
}
