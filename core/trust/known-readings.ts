/** Readings kept of one kind; when there are more, all are let go. */
const maximumKept = 256;

/**
 * Remembers what bytes were read as: the same few certificates and names stand in file after file. Longer ones than `maximumBytes`
 * are read anew each time. Parts of a reading are views of its bytes, so it is made of a copy: else it would keep a whole file's.
 */
export function knownReadings<T>(
  maximumBytes: number,
  read: (bytes: Uint8Array) => T,
): (bytes: Uint8Array) => T {
  const kept = new Map<string, T>();
  return (bytes) => {
    if (bytes.length > maximumBytes) return read(bytes);
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const before = kept.get(key);
    if (before !== undefined) return before;
    const reading = read(Uint8Array.from(bytes));
    if (kept.size >= maximumKept) kept.clear();
    kept.set(key, reading);
    return reading;
  };
}
