import { open, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../pdf/byte-source.ts';
import { hashFile } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { wrapWriteErrors } from './file-errors.ts';
import { CHUNK_BYTES } from './prepare.ts';

/** What a verifier may say of the file that it read from beginning to end. */
export interface VerifiedFile {
  /** SHA-256 of all its bytes, lower-case hex. */
  readonly sha256: string | null;
}

/**
 * Judges a finished file before it gets its name; throwing discards it. `readBack` is what was read back from the
 * file, when it was small enough to be held. A verifier that says which bytes it has judged spares a pass over them.
 */
export type VerifyPart = (path: string, readBack?: ByteSource) => Promise<VerifiedFile | void>;

/** A part file as it must be by now. */
export interface ExpectedPart {
  readonly inputPath: string;
  readonly partPath: string;
  readonly inputBytes: number;
  readonly bytes: number;
  /** SHA-256 of all of it, as it went out. */
  readonly sha256: string;
}

/**
 * The last step before a part file gets its name: it goes to the disk while it is read back, compared with the
 * input byte for byte, and judged. What the verifier has read must be what was written (`sha256`). Throws
 * `signing.prefix-changed`, `signing.input-changed`, `signing.write-failed`, and what `verify` throws.
 */
export async function finishPart(expected: ExpectedPart, verify: VerifyPart | undefined): Promise<void> {
  const { inputPath, partPath } = expected;
  // Writable, for Windows flushes no other handle.
  await using part = await wrapWriteErrors(partPath, () => open(partPath, 'r+'));
  await using input = await open(inputPath, 'r');
  // Nothing may still be at work on the part when it is thrown away.
  const steps = await Promise.allSettled([
    assertUnchanged(input, part, expected),
    assertVerified(expected, verify),
    wrapWriteErrors(partPath, () => part.sync()),
  ]);
  for (const step of steps) if (step.status === 'rejected') throw step.reason;
}

/** The verifier must have judged the very bytes that went out; one that does not say has them hashed here. */
async function assertVerified(expected: ExpectedPart, verify: VerifyPart | undefined): Promise<void> {
  const judged = await verify?.(expected.partPath);
  const sha256 = judged?.sha256 ?? (await hashFile(expected.partPath)).sha256;
  if (sha256 !== expected.sha256) throw new AnThuError('signing.prefix-changed', { offset: 0 });
}

/** The part begins with the input as it is now and ends where it should. */
async function assertUnchanged(
  input: FileHandle,
  part: FileHandle,
  { inputPath, inputBytes, bytes }: ExpectedPart,
): Promise<void> {
  if ((await part.stat()).size !== bytes) throw new AnThuError('signing.prefix-changed', { offset: bytes });
  const size = Math.min(CHUNK_BYTES, inputBytes);
  const [ours, theirs] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  for (let position = 0; position < inputBytes;) {
    const wanted = Math.min(size, inputBytes - position);
    const [own, other] = await Promise.all([
      part.read(ours, 0, wanted, position),
      input.read(theirs, 0, wanted, position),
    ]);
    if (other.bytesRead === 0) throw new AnThuError('signing.input-changed', { path: inputPath });
    const read = Math.min(own.bytesRead, other.bytesRead);
    if (read === 0 || ours.compare(theirs, 0, read, 0, read) !== 0)
      throw new AnThuError('signing.prefix-changed', { offset: position });
    position += read;
  }
}
