import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { openPdf } from '../pdf/document.ts';
import type { BuiltUpdate } from '../pdf/incremental-update.ts';
import { declaredPageCount } from '../pdf/pages.ts';
import { strictAssert } from '../shared/assert.ts';
import { AnThuError } from '../shared/errors.ts';
import { concernsOf, type ConcernPolicy } from './concerns.ts';
import { wrapWriteErrors } from './file-errors.ts';
import {
  prepareSignatureOptionsSchema,
  type PreparedSignature,
  type PrepareSignatureOptions,
} from './prepared-signature.ts';
import { writeByteRange } from './byte-range.ts';
import { CHUNK_BYTES } from './chunk-bytes.ts';
import { buildSignatureUpdate } from './signature-update.ts';
import type { ValidationData } from './validation-data.ts';
import { writeFully } from './write-fully.ts';

type ByteRange = PreparedSignature['byteRange'];

/**
 * Parses the input, appends a signature update with an empty /Contents and leaves the result in `partPath`. The
 * file is read once: copied and hashed in one pass. `store` goes into the same update as /DSS. Parses what came from
 * outside, so run it in a worker process on files not yet trusted. Throws `pdf.*`, `signing.*`, `general.no-such-input`.
 */
export async function prepareSignature(
  options: PrepareSignatureOptions,
  store?: ValidationData,
): Promise<PreparedSignature> {
  return (await preparePart(options, store)).prepared;
}

/** A prepared part with what only this process can go on with. */
export interface PreparedPart {
  readonly prepared: PreparedSignature;
  /** The bytes behind the input, /Contents still empty. */
  readonly appended: Buffer;
  /** SHA-256 state after the input's bytes. */
  readonly inputState: Hash;
  /** Object numbers that the input refers to in vain; later updates leave them alone too. */
  readonly reserved: ReadonlySet<number>;
}

/** The same, with the hash state, so that what follows need not read the file again. */
export async function preparePart(
  options: PrepareSignatureOptions,
  store?: ValidationData,
  policy: ConcernPolicy = 'not-looked-at',
): Promise<PreparedPart> {
  const {
    inputPath,
    partPath,
    signingTime,
    reserveBytes,
    password = '',
    ...rest
  } = prepareSignatureOptionsSchema.parse(options);
  const pdf = openPdf(inputPath, { password });
  try {
    const concerns = concernsOf(pdf, policy);
    const update = await buildSignatureUpdate(pdf, {
      ...rest,
      reserveBytes,
      signingTime: new Date(signingTime),
      store,
    });
    const { digestAlgorithm } = update;
    const { byteRange, gap } = setByteRange(update);
    const { inputState, ...hashes } = await writePart({
      inputPath,
      partPath,
      inputBytes: pdf.source.size,
      appended: update.bytes,
      gap,
      digestAlgorithm,
    });
    const prepared = {
      inputPath,
      partPath,
      byteRange,
      digestAlgorithm,
      ...hashes,
      contentsOffset: byteRange[1],
      reserveBytes,
      fieldName: update.fieldName,
      pages: declaredPageCount(pdf),
      inputBytes: pdf.source.size,
      warnings: [...concerns, ...update.warnings],
    };
    return { prepared, appended: update.bytes, inputState, reserved: pdf.referencedBeyond };
  } finally {
    pdf.close();
  }
}

/** Writes the byte range into an update's placeholder; `gap` is /Contents within the update's bytes. */
export function setByteRange({ bytes, offset, marks }: BuiltUpdate): {
  readonly byteRange: ByteRange;
  readonly gap: { readonly start: number; readonly end: number };
} {
  const contents = marks.get('contents');
  const placeholder = marks.get('byteRange');
  strictAssert(contents && placeholder, 'the update marks its placeholders');
  const total = offset + bytes.length;
  const byteRange: ByteRange = [0, contents.start, contents.end, total - contents.end];
  writeByteRange(bytes, placeholder.start - offset, byteRange);
  return { byteRange, gap: { start: contents.start - offset, end: contents.end - offset } };
}

interface WritePartOptions {
  readonly inputPath: string;
  readonly partPath: string;
  readonly inputBytes: number;
  readonly appended: Buffer;
  readonly gap: { readonly start: number; readonly end: number };
  readonly digestAlgorithm: PreparedSignature['digestAlgorithm'];
}

/** Copies the input, appends the update, and hashes the input and the byte range on the way. */
async function writePart(
  options: WritePartOptions,
): Promise<{ digestHex: string; inputSha256: string; inputState: Hash }> {
  const { inputPath, partPath, inputBytes, appended, gap, digestAlgorithm } = options;
  const inputHash = createHash('sha256');
  const otherHash = digestAlgorithm === 'sha256' ? undefined : createHash(digestAlgorithm);
  await using input = await open(inputPath, 'r');
  await using part = await wrapWriteErrors(partPath, () => open(partPath, 'w', 0o600));
  const copied = await copyHashing(input, part, partPath, inputBytes, [inputHash, otherHash]);
  if (copied !== inputBytes || (await input.stat()).size !== inputBytes)
    throw new AnThuError('signing.input-changed', { path: inputPath });
  await writeFully(part, appended, inputBytes, partPath);
  const rangeHash = otherHash ?? inputHash.copy();
  rangeHash.update(appended.subarray(0, gap.start)).update(appended.subarray(gap.end));
  const inputSha256 = inputHash.copy().digest('hex');
  return { digestHex: rangeHash.digest('hex'), inputSha256, inputState: inputHash };
}

/**
 * Copies a file from its start in chunks, hashing on the way; gives how many bytes were there. While one chunk is hashed here,
 * other threads write it and read the next.
 */
export async function copyHashing(
  input: FileHandle,
  part: FileHandle,
  partPath: string,
  bytes: number,
  hashes: readonly (Hash | undefined)[],
): Promise<number> {
  const size = Math.min(CHUNK_BYTES, bytes);
  let [own, other] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  let position = 0;
  let writing: Promise<void> = Promise.resolve();
  const readNext = (): Promise<{ bytesRead: number }> =>
    input.read(own, 0, Math.min(size, bytes - position), position);
  try {
    for (let reading = readNext(); position < bytes;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) break;
      await writing;
      const chunk = own.subarray(0, bytesRead);
      const at = position;
      writing = writeFully(part, chunk, at, partPath);
      writing.catch(() => undefined); // awaited with the next chunk
      position += bytesRead;
      [own, other] = [other, own];
      if (position < bytes) reading = readNext();
      reading.catch(() => undefined);
      for (const hash of hashes) hash?.update(chunk);
    }
  } finally {
    await writing;
  }
  return position;
}
