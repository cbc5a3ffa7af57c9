import { Asn1Error, concatBytes, encode, tag } from './der.ts';

const maximumDepth = 40;
/** Nodes of one structure; a signature with a long chain has some thousands. */
const maximumNodes = 200_000;

/** A structure in DER, and how many of the given bytes it took. */
export interface Normalised {
  readonly der: Uint8Array;
  readonly length: number;
}

/** Whether a structure begins with an indefinite length, which DER does not have (X.690 8.1.3.6). */
export const isIndefinite = (bytes: Uint8Array): boolean => bytes[1] === 0x80;

/**
 * Rewrites BER into DER as far as programs write it: indefinite lengths become definite, octet strings in pieces whole. A
 * definite length must be the shortest, and nothing else is repaired. Throws {@link Asn1Error}.
 */
export function berToDer(bytes: Uint8Array): Normalised {
  let nodes = 0;
  const read = (at: number, end: number, depth: number): Normalised => {
    if (depth > maximumDepth) throw new Asn1Error('nested too deeply');
    if (++nodes > maximumNodes) throw new Asn1Error('too many parts');
    const first = bytes[at];
    if (first === undefined || (first & 0x1f) === 0x1f || at + 2 > end) throw new Asn1Error('bad tag');
    const isConstructed = (first & 0x20) !== 0;
    const { start, length } = readLength(bytes, at + 1, end);
    if (length === undefined && !isConstructed) throw new Asn1Error('indefinite length of a value');
    const stop = length === undefined ? end : start + length;
    if (stop > end) throw new Asn1Error('length beyond the end');
    if (!isConstructed) return { der: bytes.subarray(at, stop), length: stop - at };
    const parts: Uint8Array[] = [];
    let position = start;
    for (;;) {
      if (length !== undefined && position === stop) break;
      if (length === undefined && bytes[position] === 0 && bytes[position + 1] === 0 && position + 2 <= end) {
        position += 2;
        break;
      }
      const part = read(position, stop, depth + 1);
      parts.push(part.der);
      position += part.length;
    }
    return { der: joined(first, parts), length: position - at };
  };
  return read(0, bytes.length, 0);
}

function joined(first: number, parts: readonly Uint8Array[]): Uint8Array {
  if (first !== (tag.octetString | 0x20)) return encode(first, concatBytes(parts));
  const pieces = parts.map((part) => {
    if (part[0] !== tag.octetString) throw new Asn1Error('odd piece of an octet string');
    return part.subarray(readLength(part, 1, part.length).start);
  });
  return encode(tag.octetString, concatBytes(pieces));
}

function readLength(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly start: number; readonly length: number | undefined } {
  const first = bytes[at];
  if (first === undefined || at >= end) throw new Asn1Error('no length');
  if (first < 0x80) return { start: at + 1, length: first };
  if (first === 0x80) return { start: at + 1, length: undefined };
  const count = first & 0x7f;
  if (count > 4 || at + 1 + count > end) throw new Asn1Error('bad length');
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[at + index] ?? 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw new Asn1Error('length not in shortest form');
  return { start: at + 1 + count, length };
}
