import { open } from 'node:fs/promises';
import { wrapWriteErrors } from './file-errors.ts';

/** What a file handle is used for here. */
interface Target {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
}

/**
 * Writes all of `bytes` at `position`. On a disk that is nearly full the system may take a part of them and say nothing: the rest
 * is asked for again, and then it says what is wrong. Throws `signing.write-failed`.
 */
export async function writeFully(
  file: Target,
  bytes: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  await wrapWriteErrors(path, async () => {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  });
}

/** {@link writeFully} into a file that is there. */
export async function writeInto(path: string, bytes: Uint8Array, position: number): Promise<void> {
  await using file = await wrapWriteErrors(path, () => open(path, 'r+'));
  await writeFully(file, bytes, position, path);
}
