import { open } from 'node:fs/promises';
import { openFileSource, type ByteSource } from '../pdf/byte-source.ts';
import { hashFile } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { ComparedPart } from './compared-part.ts';
import { wrapWriteErrors } from './file-errors.ts';

/** What a verifier may say of the file that it read from beginning to end. */
export interface VerifiedFile {
  /** SHA-256 of all its bytes, lower-case hex. */
  readonly sha256: string | null;
}

/**
 * Judges a finished file before it gets its name; throwing discards it. `readBack` reads the file, from memory when it was small
 * enough to be held, else compared with the input on the way. A verifier that says which bytes it has judged spares a pass over
 * them.
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
  const { partPath } = expected;
  // Writable, for Windows flushes no other handle.
  await using part = await wrapWriteErrors(partPath, () => open(partPath, 'r+'));
  // Nothing may still be at work on the part when it is thrown away.
  const steps = await Promise.allSettled([
    checkPart(expected, verify),
    wrapWriteErrors(partPath, () => part.sync()),
  ]);
  for (const step of steps) if (step.status === 'rejected') throw step.reason;
}

/**
 * The verifier must have judged the very bytes that went out, and they must begin with the input as it is now. What it reads
 * from beginning to end is compared on the way, so that the part is read once; whatever is left is compared afterwards.
 */
async function checkPart(expected: ExpectedPart, verify: VerifyPart | undefined): Promise<void> {
  const { partPath } = expected;
  const part = openFileSource(partPath);
  const input = openInput(expected, part);
  const compared = new ComparedPart(part, input, expected);
  try {
    if (part.size !== expected.bytes)
      throw new AnThuError('signing.prefix-changed', { offset: expected.bytes });
    const [judged] = await Promise.allSettled([verify?.(partPath, compared)]);
    await compared.compareRest();
    if (judged.status === 'rejected') throw judged.reason;
    const sha256 = judged.value?.sha256 ?? (await hashFile(partPath)).sha256;
    if (sha256 !== expected.sha256) throw new AnThuError('signing.prefix-changed', { offset: 0 });
  } finally {
    part.close();
    input.close();
  }
}

function openInput({ inputPath }: ExpectedPart, part: ByteSource): ByteSource {
  try {
    return openFileSource(inputPath);
  } catch (thrown) {
    part.close();
    throw thrown;
  }
}
