import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ByteSource } from '../pdf/byte-source.ts';

const chunkBytes = 1024 * 1024;
const mark = Buffer.from('/ByteRange', 'latin1');

/** What one pass over a file's bytes tells. */
export interface FileScan {
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** Whether `/ByteRange` stands anywhere: the trace of a signature, reachable or not. */
  readonly signatureTrace: boolean;
}

/** Reads a file once from end to end. */
export async function scanFile(source: ByteSource): Promise<FileScan> {
  const hash = createHash('sha256');
  let signatureTrace = false;
  let tail: Uint8Array = new Uint8Array();
  for (let offset = 0; offset < source.size; offset += chunkBytes) {
    const chunk = source.read(offset, chunkBytes);
    hash.update(chunk);
    signatureTrace ||= chunk.includes(mark) || Buffer.concat([tail, chunk.subarray(0, 9)]).includes(mark);
    tail = chunk.subarray(-9);
    await setImmediate();
  }
  return { sha256: hash.digest('hex'), signatureTrace };
}
