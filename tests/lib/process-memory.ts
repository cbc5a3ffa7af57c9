import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

const PIECE = 1 << 20;

/**
 * Which of the texts stand anywhere in a process's writable memory, in UTF-8 or UTF-16 (V8 holds strings as Latin-1 or
 * UTF-16). Linux, same user. The texts should be rare: random and ten characters or longer.
 */
export function findInMemory(pid: number, texts: readonly string[]): string[] {
  const forms = texts.flatMap((text) =>
    (['utf8', 'utf16le'] as const).map((encoding) => ({ text, bytes: Buffer.from(text, encoding) })),
  );
  const overlap = Math.max(...forms.map(({ bytes }) => bytes.length)) - 1;
  const found = new Set<string>();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const piece = Buffer.alloc(PIECE + overlap);
  try {
    for (const { start, end } of writableRanges(pid))
      for (let at = start; at < end; at += PIECE) {
        const length = Math.min(piece.length, end - at);
        const read = readAt(memory, piece, length, at);
        const view = piece.subarray(0, read);
        for (const { text, bytes } of forms) if (view.includes(bytes)) found.add(text);
      }
  } finally {
    closeSync(memory);
    piece.fill(0);
  }
  return texts.filter((text) => found.has(text));
}

function writableRanges(pid: number): { start: number; end: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      return match ? [{ start: parseInt(match[1]!, 16), end: parseInt(match[2]!, 16) }] : [];
    });
}

/** Pages that were never touched or have just gone read as nothing. */
function readAt(memory: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, into, 0, length, at);
  } catch {
    return 0;
  }
}

/** Process ids of a process's descendants. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it ended while we looked
    }
  }
  const below = (parent: number): number[] =>
    [...parents].flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** The command line of a process, in words. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};
