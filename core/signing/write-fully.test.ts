import { expect, test } from 'vitest';
import { writeFully } from './write-fully.ts';

/** A disk with room for so many bytes that takes three at a time. */
function disk(room: number) {
  const bytes = Buffer.alloc(room);
  let used = 0;
  return {
    bytes,
    write: (from: Uint8Array, offset: number, length: number, position: number) => {
      const bytesWritten = Math.min(3, length, room - used);
      if (bytesWritten === 0) return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      bytes.set(from.subarray(offset, offset + bytesWritten), position);
      used += bytesWritten;
      return Promise.resolve({ bytesWritten });
    },
  };
}

test('what the system takes in parts is written whole', async () => {
  const target = disk(12);
  await writeFully(target, Buffer.from('0123456789'), 2, 'x.part');
  expect(target.bytes.toString('latin1')).toBe('\0\x000123456789');
});

test('a disk that takes a part and is full then is told as full', async () => {
  await expect(writeFully(disk(8), Buffer.from('0123456789'), 0, '/tmp/x.part')).rejects.toMatchObject({
    code: 'signing.write-failed',
    detail: { path: 'x.part', reason: 'ENOSPC' },
  });
});
