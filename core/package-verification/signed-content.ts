import { liesIn, type PlacedElement } from './elements.ts';

/** Parts of a package that the product reads: each must be signed, whole, where it is read. */
const readParts = ['MessageHeader', 'Bussiness', 'edXMLManifest'] as const;

/**
 * Whether everything that we take from a package is signed: header, business part, manifest, and every attachment's
 * content. A signature over less, or over a part that was moved to where nobody reads it, vouches for nothing we show.
 */
export function coversWhatIsRead(places: readonly PlacedElement[], signed: readonly string[]): boolean {
  const isSigned = (path: string): boolean => signed.some((outer) => liesIn(path, outer));
  if (signed.includes('')) return true;
  const contents = places.filter(({ name }) => name === 'ContentTransferEncoded');
  const parts = places.filter(({ name }) => readParts.some((part) => part === name));
  return parts.length > 0 && [...parts, ...contents].every(({ path }) => isSigned(path));
}
