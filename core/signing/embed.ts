import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { AnThuError } from '../shared/errors.ts';
import { wrapWriteErrors } from './file-errors.ts';
import { CHUNK_BYTES } from './chunk-bytes.ts';
import type { EmbeddedSignature, PreparedSignature } from './prepared-signature.ts';
import { writeFully } from './write-fully.ts';

/**
 * Writes the CMS into the part file, syncs it, and proves by reading it back that its first bytes are the input,
 * byte for byte, and that the signed range still has the digest that was signed. The part stays in place; renaming
 * it is the caller's. Throws `signing.contents-too-small`, `signing.prefix-changed`, `signing.input-changed`,
 * `signing.write-failed`.
 */
export async function embedSignature(
  prepared: PreparedSignature,
  cms: Uint8Array,
): Promise<EmbeddedSignature> {
  assertFits(cms, prepared.reserveBytes);
  await using part = await wrapWriteErrors(prepared.partPath, () => open(prepared.partPath, 'r+'));
  const hex = Buffer.from(Buffer.from(cms).toString('hex'), 'latin1');
  await writeFully(part, hex, prepared.contentsOffset + 1, prepared.partPath);
  await wrapWriteErrors(prepared.partPath, () => part.sync());
  await using input = await open(prepared.inputPath, 'r');
  const prefix = await compareWithInput(input, part, prepared);
  const bytes = prepared.byteRange[2] + prepared.byteRange[3];
  const appended = Buffer.alloc(bytes - prepared.inputBytes);
  const { bytesRead } = await part.read(appended, 0, appended.length, prepared.inputBytes);
  if (bytesRead !== appended.length || (await part.stat()).size !== bytes)
    throw new AnThuError('signing.prefix-changed', { offset: prepared.inputBytes });
  checkSignedRange(prepared, prefix.range, appended);
  return {
    sha256: prefix.sha256.update(appended).digest('hex'),
    bytes,
    prefixBytes: prepared.inputBytes,
    prefixSha256: prepared.inputSha256,
  };
}

/** Throws `signing.contents-too-small` for a CMS that is larger than its place. */
export function assertFits(cms: Uint8Array, reserved: number): void {
  if (cms.length > reserved)
    throw new AnThuError('signing.contents-too-small', { needed: cms.length, reserved });
}

interface ComparedPrefix {
  /** State after the prefix. */
  readonly sha256: Hash;
  /** State after the prefix in the signature's digest. */
  readonly range: Hash;
}

/**
 * Proves that the part begins with the input's bytes and that the input is still what was read before. Throws
 * `signing.prefix-changed`, `signing.input-changed`.
 */
async function compareWithInput(
  input: FileHandle,
  part: FileHandle,
  prepared: Pick<PreparedSignature, 'inputPath' | 'inputBytes' | 'inputSha256' | 'digestAlgorithm'>,
): Promise<ComparedPrefix> {
  const sha256 = createHash('sha256');
  const other = prepared.digestAlgorithm === 'sha256' ? undefined : createHash(prepared.digestAlgorithm);
  const size = Math.min(CHUNK_BYTES, prepared.inputBytes);
  const [ours, theirs] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  let position = 0;
  while (position < prepared.inputBytes) {
    const wanted = Math.min(size, prepared.inputBytes - position);
    const [ourRead, theirRead] = await Promise.all([
      readFully(part, ours, wanted, position),
      readFully(input, theirs, wanted, position),
    ]);
    if (theirRead !== wanted) throw new AnThuError('signing.input-changed', { path: prepared.inputPath });
    const chunk = ours.subarray(0, ourRead);
    if (ourRead !== wanted || !chunk.equals(theirs.subarray(0, wanted)))
      throw new AnThuError('signing.prefix-changed', { offset: position });
    sha256.update(chunk);
    other?.update(chunk);
    position += wanted;
  }
  if (sha256.copy().digest('hex') !== prepared.inputSha256)
    throw new AnThuError('signing.input-changed', { path: prepared.inputPath });
  return { sha256, range: other ?? sha256 };
}

function checkSignedRange(prepared: PreparedSignature, afterPrefix: Hash, appended: Buffer): void {
  const [, before, after] = prepared.byteRange;
  const digest = afterPrefix
    .copy()
    .update(appended.subarray(0, before - prepared.inputBytes))
    .update(appended.subarray(after - prepared.inputBytes))
    .digest('hex');
  if (digest !== prepared.digestHex) throw new AnThuError('signing.prefix-changed', { offset: before });
}

async function readFully(
  file: FileHandle,
  buffer: Buffer,
  length: number,
  position: number,
): Promise<number> {
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
