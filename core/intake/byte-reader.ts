import type { FileHandle } from 'node:fs/promises';

/** Random access to a file's bytes; a read past the end gives fewer bytes. */
export interface ByteReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** Reads through an open file. One read is capped so that a hostile length cannot fill the memory. */
export function fileReader(file: FileHandle, size: number): ByteReader {
  return {
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      if (wanted > 64 * 1024 * 1024) throw new RangeError(`read of ${wanted} bytes`);
      const bytes = Buffer.alloc(wanted);
      let got = 0;
      while (got < wanted) {
        const { bytesRead } = await file.read(bytes, got, wanted - got, offset + got);
        if (bytesRead === 0) break;
        got += bytesRead;
      }
      return bytes.subarray(0, got);
    },
  };
}

export function bufferReader(bytes: Buffer): ByteReader {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
  };
}
