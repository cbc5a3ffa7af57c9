import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { AnThuError } from '../shared/errors.ts';
import type { ObjectToSend } from './connector.ts';

const CHUNK = 256 * 1024;

function changed(object: ObjectToSend, reason: string, cause?: unknown): AnThuError {
  return new AnThuError('sync.object-changed', { sha256: object.sha256, reason }, { cause });
}

async function* read(file: FileHandle, object: ObjectToSend, from: number): AsyncGenerator<Buffer> {
  for (let at = from; at < object.bytes;) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, object.bytes - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw changed(object, `ends at ${at} of ${object.bytes} bytes`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** Opens the file only when its size and hash are the recorded ones. Error: `sync.object-changed`. */
export async function openObject(object: ObjectToSend): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(object.path, 'r');
  } catch (thrown) {
    throw changed(object, `cannot be opened: ${(thrown as NodeJS.ErrnoException).code ?? 'error'}`, thrown);
  }
  try {
    const { size } = await file.stat();
    if (size !== object.bytes) throw changed(object, `${size} bytes instead of ${object.bytes}`);
    const hash = createHash('sha256');
    for await (const chunk of read(file, object, 0)) hash.update(chunk);
    if (hash.digest('hex') !== object.sha256) throw changed(object, 'its hash differs');
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/**
 * The bytes from `offset` on, hashed again while they leave (the part before `offset` is only hashed). The last
 * chunk is held back until the whole hash is right, so a file that changes during the upload never completes.
 * Error: `sync.object-changed`.
 */
export async function* sendFrom(
  file: FileHandle,
  object: ObjectToSend,
  offset: number,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of read(file, { ...object, bytes: offset }, 0)) hash.update(chunk);
  let held: Buffer | undefined;
  for await (const chunk of read(file, object, offset)) {
    hash.update(chunk);
    if (held) yield held;
    held = chunk;
  }
  if (hash.digest('hex') !== object.sha256) throw changed(object, 'it changed while being sent');
  if (held) yield held;
}
