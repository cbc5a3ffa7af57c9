import { liesIn, parentOf, type PlacedElement } from './elements.ts';
import type { CheckedReferences } from './references.ts';

/** Parts of a package that the product reads: each must be signed, whole, where it is read. */
const readParts = ['MessageHeader', 'Bussiness', 'edXMLManifest'] as const;

/** What is read of an attachment beside its content; the signed manifest may vouch for it. */
const describedParts: readonly string[] = ['AttachmentName', 'Description', 'ContentType'];

/**
 * Whether everything that we take from a package is signed: header, business part, manifest, and every attachment's
 * content with what is said about it. A signature over less, or over a part that was moved to where nobody reads it, vouches for
 * nothing we show.
 */
export function coversWhatIsRead(
  places: readonly PlacedElement[],
  { signed, named }: Pick<CheckedReferences, 'signed' | 'named'>,
): boolean {
  const isSigned = (path: string): boolean => signed.some((outer) => liesIn(path, outer));
  if (signed.includes('')) return true;
  const contents = places.filter(({ name }) => name === 'ContentTransferEncoded');
  const parts = places.filter(({ name }) => readParts.some((part) => part === name));
  if (parts.length === 0 || ![...parts, ...contents].every(({ path }) => isSigned(path))) return false;
  const children = Map.groupBy(places, ({ path }) => (path === '' ? undefined : parentOf(path)));
  const childrenOf = (path: string): PlacedElement[] => children.get(path) ?? [];
  const manifest = places.flatMap(({ name, path }) =>
    name === 'Reference' && isSigned(path) ? [childrenOf(path)] : [],
  );
  const isVouched = (attachment: PlacedElement): boolean => {
    const own = childrenOf(attachment.path);
    const id = textIn(own, 'ContentId');
    const entry = manifest.find((parts) => textIn(parts, 'ContentId') === id);
    return own.every(({ name, path, element }) => {
      if (isSigned(path)) return true;
      // Under another content id it would be another entry's file.
      if (name === 'ContentId') return own.some((part) => named.includes(part.path));
      return !describedParts.includes(name) || (entry && textIn(entry, name)) === element.content.trim();
    });
  };
  const attachments = places.filter(({ name, path }) => name === 'Attachment' && !isSigned(path));
  return attachments.every(isVouched);
}

function textIn(parts: readonly PlacedElement[], name: string): string | undefined {
  const found = parts.find((part) => part.name === name);
  return found?.element.content.replace(/^\s*cid:/i, '').trim();
}
