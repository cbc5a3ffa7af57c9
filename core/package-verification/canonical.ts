import { XmlC14NMode, type XmlElement } from 'libxml2-wasm';
import { newHash } from '../trust/digest.ts';
import type { DigestName } from '../trust/signature-algorithm.ts';
import type { Canonicalization } from './algorithms.ts';

const modes = {
  inclusive: XmlC14NMode.XML_C14N_1_0,
  exclusive: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
} as const;

/** Gives the canonical form of an element in its document, piece by piece: an attachment may be tens of megabytes. */
function canonicalize(
  element: XmlElement,
  { mode, inclusivePrefixes }: Canonicalization,
  take: (bytes: Uint8Array) => void,
): void {
  const handler = {
    write: (bytes: Uint8Array) => {
      take(bytes);
      return bytes.length;
    },
    close: () => true,
  };
  element.canonicalize(handler, {
    mode: modes[mode],
    withComments: false,
    ...(mode === 'exclusive' &&
      inclusivePrefixes.length > 0 && {
        inclusiveNamespacePrefixes: [...inclusivePrefixes],
      }),
  });
}

export function canonicalDigest(element: XmlElement, form: Canonicalization, digest: DigestName): Uint8Array {
  const hash = newHash(digest);
  canonicalize(element, form, (bytes) => hash.update(bytes));
  return hash.digest();
}

export function canonicalBytes(element: XmlElement, form: Canonicalization): Uint8Array {
  const parts: Buffer[] = [];
  // The handler's bytes are the library's own memory.
  canonicalize(element, form, (bytes) => parts.push(Buffer.from(bytes)));
  return Buffer.concat(parts);
}
