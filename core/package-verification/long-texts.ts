import { createHash, randomBytes } from 'node:crypto';

/** A document whose long stretches of base64 are stood for by short marks. */
export interface ShortenedText {
  readonly text: string;
  /** Digest (base64) of a canonical form of `text` with the stretches back in their places. */
  digest(algorithm: string, canonical: string): string;
}

/** Shorter stretches cost no memory worth a mark. */
const shortest = 64 * 1024;
const greater = 0x3e;
const less = 0x3c;
const carriageReturn = 0x0d;

/** Base64 and white space: characters that every canonical form writes as they are. */
const plain = new Uint8Array(256);
for (const code of Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\n\r',
  'latin1',
))
  plain[code] = 1;

function isPlain(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (plain[bytes[index] ?? 0] === 0) return false;
  return true;
}

/** Line ends as an XML parser hands them on (XML 1.0 2.11). */
function asParsed(bytes: Buffer): Buffer {
  return bytes.includes(carriageReturn)
    ? Buffer.from(bytes.toString('latin1').replaceAll(/\r\n?/g, '\n'), 'latin1')
    : bytes;
}

/**
 * Takes the content of attachments out of a UTF-8 document, so that a parser that keeps several copies needs little
 * memory. A stretch stands whole between two tags; the mark in its place is random, so no document can hold one.
 */
export function shortenTexts(bytes: Buffer): ShortenedText {
  const secret = randomBytes(16).toString('hex');
  const stretches: Buffer[] = [];
  const parts: Buffer[] = [];
  let kept = 0;
  for (let from = bytes.indexOf(greater); from !== -1;) {
    const to = bytes.indexOf(less, from);
    if (to === -1) break;
    const stretch = bytes.subarray(from + 1, to);
    if (stretch.length >= shortest && isPlain(stretch)) {
      parts.push(bytes.subarray(kept, from + 1), Buffer.from(`${secret}x${stretches.length}x`));
      stretches.push(asParsed(stretch));
      kept = to;
    }
    from = bytes.indexOf(greater, to);
  }
  parts.push(bytes.subarray(kept));
  const mark = new RegExp(`${secret}x(\\d+)x`, 'g');
  return {
    text: Buffer.concat(parts)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
    digest: (algorithm, canonical) => {
      const hash = createHash(algorithm);
      let position = 0;
      for (const found of canonical.matchAll(mark)) {
        hash.update(canonical.slice(position, found.index), 'utf8');
        hash.update(stretches[Number(found[1])] ?? '');
        position = found.index + found[0].length;
      }
      return hash.update(canonical.slice(position), 'utf8').digest('base64');
    },
  };
}
