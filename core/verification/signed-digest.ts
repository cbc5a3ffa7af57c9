import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { PdfDocument } from '../pdf/document.ts';
import type { DigestName } from '../trust/signature-algorithm.ts';

const chunkBytes = 1024 * 1024;

/** A stretch of the file, `end` excluded. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Digest of stretches of an open file, read piece by piece; other work runs between the pieces. */
export async function digestStretches(
  pdf: PdfDocument,
  stretches: readonly Stretch[],
  algorithm: DigestName,
): Promise<Uint8Array> {
  const hash = createHash(algorithm);
  for (const { start, end } of stretches) {
    for (let offset = start; offset < end; offset += chunkBytes) {
      hash.update(pdf.source.read(offset, Math.min(chunkBytes, end - offset)));
      await setImmediate();
    }
  }
  return hash.digest();
}
