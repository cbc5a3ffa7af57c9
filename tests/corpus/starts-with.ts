import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Whether the first file begins with all the bytes of the second. */
export function startsWithFile(longer: string, shorter: string): boolean {
  const size = statSync(shorter).size;
  if (statSync(longer).size < size) return false;
  const handles = [longer, shorter].map((path) => openSync(path, 'r'));
  try {
    const [a, b] = [Buffer.alloc(1 << 16), Buffer.alloc(1 << 16)] as const;
    for (let at = 0; at < size; at += a.length) {
      const wanted = Math.min(a.length, size - at);
      readSync(handles[0]!, a, 0, wanted, at);
      readSync(handles[1]!, b, 0, wanted, at);
      if (!a.subarray(0, wanted).equals(b.subarray(0, wanted))) return false;
    }
    return true;
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
