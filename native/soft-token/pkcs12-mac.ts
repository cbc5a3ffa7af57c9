import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { childrenOf, type Node, octets, oidOf } from './pkcs12-der.ts';
import { macIterations } from './pkcs12-limits.ts';

const digests: Readonly<Record<string, { readonly name: string; readonly block: number }>> = {
  '1.3.14.3.2.26': { name: 'sha1', block: 64 },
  '2.16.840.1.101.3.4.2.4': { name: 'sha224', block: 64 },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', block: 64 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', block: 128 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', block: 128 },
};

/** `right`, `wrong` password (or a damaged file: a MAC cannot tell them apart), `absent`, or an algorithm that is not ours. */
export type MacVerdict = 'right' | 'wrong' | 'absent' | 'unknown-algorithm';

/**
 * Checks the MAC of a PKCS#12 file (RFC 7292 §4, appendix B) with the native hash: node-forge does it in JavaScript, which takes
 * minutes with the counts that newer programs write.
 */
export function checkMac(content: string, mac: Node | undefined, password: string): MacVerdict {
  if (!mac) return 'absent';
  const [digestInfo, salt] = childrenOf(mac);
  const [algorithm, expected] = childrenOf(digestInfo);
  const digest = digests[oidOf(childrenOf(algorithm)[0])];
  if (!digest) return 'unknown-algorithm';
  const iterations = macIterations(mac);
  const wanted = latin1(octets(expected));
  // A file without password was made with no characters at all, or with the empty string: both are in use.
  const spellings = password === '' ? [Buffer.alloc(0), Buffer.alloc(2)] : [bmpString(password)];
  const matches = spellings.some((secret) => {
    const key = macKey(digest, { secret, salt: latin1(octets(salt)), iterations });
    const found = createHmac(digest.name, key).update(latin1(content)).digest();
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  });
  return matches ? 'right' : 'wrong';
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** UTF-16 big-endian with a zero at the end. */
function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

/** Appendix B.2 with ID 3; as long as the hash, so one block is enough. */
function macKey(
  { name, block }: { readonly name: string; readonly block: number },
  { secret, salt, iterations }: { secret: Buffer; salt: Buffer; iterations: number },
): Buffer {
  const repeated = (part: Buffer): Buffer =>
    part.length === 0 ? part : Buffer.alloc(block * Math.ceil(part.length / block), part);
  let key: Buffer = Buffer.concat([Buffer.alloc(block, 3), repeated(salt), repeated(secret)]);
  for (let i = 0; i < iterations; i++) key = createHash(name).update(key).digest();
  return key;
}
