import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, fsyncSync, closeSync, renameSync } from 'node:fs';
import { open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes the names in a folder durable. Windows cannot. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Appends a stream at `offset`, at most up to `limit` bytes in all; keeps and fsyncs what arrived even when it breaks. */
export async function appendAt(
  path: string,
  offset: number,
  limit: number,
  source: AsyncIterable<Buffer>,
): Promise<{ have: number; broken: unknown }> {
  const file = await open(path, 'a', 0o600);
  let have = offset;
  let broken: unknown;
  try {
    try {
      for await (const chunk of source) {
        const part = chunk.subarray(0, limit - have);
        await file.writeFile(part);
        have += part.length;
        if (part.length < chunk.length) throw new Error('more bytes than announced');
      }
    } catch (thrown) {
      broken = thrown ?? new Error('broken');
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { have, broken };
}

/** Moves a complete, fsynced file to its final name. */
export function publish(from: string, folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const to = join(folder, name);
  renameSync(from, to);
  syncFolder(folder);
  return to;
}

/** Takes a whole body into a temporary file; returns its path, hash and size. */
export async function receiveWhole(
  folder: string,
  limit: number,
  source: AsyncIterable<Buffer>,
): Promise<{ path: string; sha256: string; bytes: number; broken: unknown }> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${randomUUID()}.tmp`);
  const { have, broken } = await appendAt(path, 0, limit, source);
  return { path, sha256: await hashFile(path), bytes: have, broken };
}

export async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
}

export async function cutTo(path: string, bytes: number): Promise<void> {
  await truncate(path, bytes);
}
