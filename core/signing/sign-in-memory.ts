import { createHash, type Hash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  fstatSync,
  fsync,
  open,
  openSync,
  readSync,
  rename,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { bufferSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import { defaultPdfLimits } from '../pdf/limits.ts';
import { declaredPageCount } from '../pdf/pages.ts';
import { syncFolderTogether } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { READ_AT_ONCE } from '../shared/read-flags.ts';
import { whileHeld } from '../shared/sharing.ts';
import type { BuiltCms } from './cades.ts';
import { CadesSigner } from './cades-signer.ts';
import { concernsOf } from './concerns.ts';
import { assertFits } from './embed.ts';
import { asWriteFailure, wrapWriteErrors } from './file-errors.ts';
import { inFolderTurn } from './folder-turns.ts';
import { lendBuffer } from './lent-buffer.ts';
import { partPathFor } from './part-name.ts';
import { prepareSignatureOptionsSchema } from './prepared-signature.ts';
import { setByteRange } from './prepare.ts';
import type { SignedPdf, SignPdfOptions } from './sign-pdf.ts';
import { buildSignatureUpdate } from './signature-update.ts';
import { SigningEvidence } from './signing-evidence.ts';

/** Up to this size a file is held in memory; reading and writing it takes a millisecond, so nothing waits for another thread. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;

/** What may wait for the disk's journal goes to another thread; it would hold up every other file in hand here. */
const syncToDisk = promisify(fsync);
const openFile = promisify(open);
const giveName = promisify(rename);

/**
 * Signs a small file at B-B or B-T, as signPdf does: read once, hashed once, written once with its signature, then
 * read back, compared with the input as it is now, and judged while it goes to the disk. Undefined for a file that is
 * too large or a level that appends more; throws what signPdf throws.
 */
export async function signInMemory(options: SignPdfOptions): Promise<SignedPdf | undefined> {
  const { level } = options;
  if (level !== 'B-B' && level !== 'B-T') return undefined;
  const fd = openInput(options);
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) throw new AnThuError('general.no-such-input', { path: options.inputPath });
    if (stat.size > IN_MEMORY_BYTES) return undefined;
    refuseOutput(stat, options);
    using lent = lendBuffer(Number(stat.size));
    const input = lent.bytes.subarray(0, fillFrom(fd, lent.bytes, 0));
    return await signBytes(input, fd, options);
  } finally {
    closeSync(fd);
  }
}

async function signBytes(input: Buffer, inputFd: number, options: SignPdfOptions): Promise<SignedPdf> {
  const { outputPath, level } = options;
  const { partPath = partPathFor(outputPath) } = options;
  const {
    signingTime,
    password = '',
    ...rest
  } = prepareSignatureOptionsSchema.parse({ ...options, partPath });
  const pdf = new PdfDocument(bufferSource(input), defaultPdfLimits, password);
  const concerns = concernsOf(pdf, options.concerns ?? 'not-looked-at');
  const update = await buildSignatureUpdate(pdf, { ...rest, signingTime: new Date(signingTime) });
  const { bytes: appended, digestAlgorithm } = update;
  const { gap } = setByteRange(update);
  const state = createHash('sha256').update(input);
  const inputSha256 = state.copy().digest('hex');
  const range = digestAlgorithm === 'sha256' ? state.copy() : createHash(digestAlgorithm).update(input);
  range.update(appended.subarray(0, gap.start)).update(appended.subarray(gap.end));
  const evidence = new SigningEvidence(options, undefined);
  const signer = new CadesSigner(await options.key, {
    scheme: options.scheme,
    digestAlgorithm,
    reserveBytes: rest.reserveBytes,
    timestamp: level === 'B-B' ? undefined : (digest) => evidence.stamp(digest),
  });
  // The part is made while the key is asked.
  const part = inFolderTurn(partPath, () => openFile(partPath, 'wx+', 0o600));
  part.catch(() => undefined); // told when it is needed
  let built: BuiltCms;
  try {
    try {
      built = await signer.signDigest(range.digest());
      assertFits(built.cms, rest.reserveBytes);
      appended.write(Buffer.from(built.cms).toString('hex'), gap.start + 1, 'latin1');
      await writePart({ input, inputState: state, inputFd, appended, partPath, options }, part);
    } finally {
      await closePart(part);
    }
    await publish(partPath, options);
  } catch (thrown) {
    rmSync(partPath, { force: true });
    throw thrown;
  }
  return {
    outputPath,
    sha256: state.update(appended).digest('hex'),
    bytes: input.length + appended.length,
    inputSha256,
    prefixBytes: input.length,
    prefixSha256: inputSha256,
    requestedLevel: level,
    ...reached(built),
    fieldName: update.fieldName,
    pages: declaredPageCount(pdf),
    warnings: [...concerns, ...update.warnings],
  };
}

const reached = ({ level, pending, timestampError }: BuiltCms): Pick<SignedPdf, 'level' | 'pending' | 'timestampError'> => ({ level, pending, timestampError }); // prettier-ignore

interface FinishedBytes {
  readonly input: Buffer;
  /** SHA-256 after the input. */
  readonly inputState: Hash;
  readonly inputFd: number;
  readonly appended: Buffer;
  readonly partPath: string;
  readonly options: SignPdfOptions;
}

/** Writes the part; it goes to the disk while it is read back and judged. */
async function writePart(finished: FinishedBytes, part: Promise<number>): Promise<void> {
  const { input, appended, partPath } = finished;
  const fd = await part.catch((thrown: unknown) => {
    throw asWriteFailure(partPath, thrown);
  });
  writing(partPath, () => writeAll(fd, input, appended));
  // Both are waited for: nothing may still be at work on a part that is thrown away.
  const [synced, judged] = await Promise.allSettled([syncToDisk(fd), checkWritten(finished, fd)]);
  if (judged.status === 'rejected') throw judged.reason;
  if (synced.status === 'rejected') throw asWriteFailure(partPath, synced.reason);
}

/** Closes a part if it was ever opened. */
async function closePart(part: Promise<number>): Promise<void> {
  const fd = await part.catch(() => undefined);
  if (fd !== undefined) closeSync(fd);
}

/** Name and sync of the folder. */
async function publish(partPath: string, options: SignPdfOptions): Promise<void> {
  const { outputPath, existing = 'refuse', syncName = syncFolderTogether } = options;
  if (existing === 'refuse') refuseExistingNow(outputPath);
  await wrapWriteErrors(outputPath, async () => {
    await whileHeld(outputPath, () => inFolderTurn(outputPath, () => giveName(partPath, outputPath)));
    await syncName(dirname(outputPath));
  });
}

/** Reads the part back: it must begin with the input as it is now, be what was written, and please the verifier. */
async function checkWritten(
  { input, inputState, inputFd, appended, partPath, options }: FinishedBytes,
  fd: number,
): Promise<void> {
  const bytes = input.length + appended.length;
  // One byte more than there may be shows a file that is too long.
  using lent = lendBuffer(bytes + 1);
  const written = lent.bytes.subarray(0, fillFrom(fd, lent.bytes, 0));
  const same = written.length === bytes && written.subarray(0, input.length).equals(input);
  if (!same || !written.subarray(input.length).equals(appended))
    throw new AnThuError('signing.prefix-changed', { offset: 0 });
  if (!isStill(inputFd, input)) throw new AnThuError('signing.input-changed', { path: options.inputPath });
  // What was read back begins with the very bytes that were hashed: the comparison says so.
  await options.verify?.(partPath, bufferSource(written, { bytes: input.length, state: inputState }));
}

/** Whether the file still holds these bytes and no others. */
function isStill(fd: number, bytes: Buffer): boolean {
  if (fstatSync(fd).size !== bytes.length) return false;
  using lent = lendBuffer(bytes.length);
  return lent.bytes.subarray(0, fillFrom(fd, lent.bytes, 0)).equals(bytes);
}

function openInput({ inputPath, outputPath, existing = 'refuse' }: SignPdfOptions): number {
  try {
    return openSync(inputPath, READ_AT_ONCE);
  } catch (cause) {
    if (existing === 'refuse') refuseExistingNow(outputPath);
    throw new AnThuError('general.no-such-input', { path: inputPath }, { cause });
  }
}

/** As refuseOriginal and refuseExisting, with one look. */
function refuseOutput(input: BigIntStats, { outputPath, existing = 'refuse' }: SignPdfOptions): void {
  const output = statSync(outputPath, { bigint: true, throwIfNoEntry: false });
  if (output?.dev === input.dev && output.ino === input.ino)
    throw new AnThuError('signing.output-is-input', { path: outputPath });
  if (output && existing === 'refuse') throw new AnThuError('general.output-exists', { path: outputPath });
}

function refuseExistingNow(outputPath: string): void {
  if (statSync(outputPath, { throwIfNoEntry: false }))
    throw new AnThuError('general.output-exists', { path: outputPath });
}

function fillFrom(fd: number, target: Buffer, start: number): number {
  let filled = 0;
  while (filled < target.length) {
    const count = readSync(fd, target, filled, target.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function writeAll(fd: number, ...parts: readonly Buffer[]): void {
  let rest = [...parts];
  while (rest.length > 0) {
    let written = writevSync(fd, rest);
    rest = rest.flatMap((part) => {
      const done = Math.min(written, part.length);
      written -= done;
      return done === part.length ? [] : [part.subarray(done)];
    });
  }
}

function writing<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (thrown) {
    throw asWriteFailure(path, thrown);
  }
}
