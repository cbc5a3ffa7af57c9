import { compareBytes } from '../asn1/der.ts';
import { digestBytes } from '../trust/digest.ts';
import { canonicalDigest } from './canonical.ts';
import { attributeOf, base64Of, parentOf, type PlacedElement } from './elements.ts';
import type { XmlReference, XmlSignatureShape } from './signature-shape.ts';
import { XmlFault } from './xml-fault.ts';

const idAttributes = ['Id', 'ID', 'id'] as const;

/** What a reference points at. */
interface ReferenceTarget {
  readonly reference: XmlReference;
  readonly place: PlacedElement;
  /** `octets`: the attachment's decoded bytes; `node`: the element's canonical form. */
  readonly kind: 'node' | 'octets';
}

/** What the references of a signature say of the document. */
export interface CheckedReferences {
  readonly intact: boolean;
  /** Places whose whole content is signed. */
  readonly signed: readonly string[];
  /** Places of contents that were signed under their attachment's content id. */
  readonly named: readonly string[];
  /** Whether a second judge, who knows no attachments by cid, can be asked. */
  readonly sameDocument: boolean;
}

/**
 * Finds what each reference means and compares the digests. An id must belong to one element of the whole file,
 * whichever of its spellings is used: two would let a verifier and a reader look at different ones. The signature
 * is taken out of the document for enveloped references, so nothing may be read from it afterwards.
 */
export function checkReferences(
  shape: XmlSignatureShape,
  places: readonly PlacedElement[],
): CheckedReferences {
  const ids = elementsById(places);
  const targets = shape.references.map((reference) => findTarget(reference, places, ids));
  const plain = targets.filter(({ reference }) => !reference.enveloped);
  const enveloped = targets.filter(({ reference }) => reference.enveloped);
  let intact = plain.every(digestFits);
  if (enveloped.length > 0) {
    shape.element.remove();
    intact = enveloped.every(digestFits) && intact;
  }
  return {
    intact,
    signed: targets.map(({ place }) => place.path),
    named: targets.flatMap(({ place, kind }) => (kind === 'octets' ? [place.path] : [])),
    sameDocument: targets.every(({ kind }) => kind === 'node'),
  };
}

function digestFits({ reference, place, kind }: ReferenceTarget): boolean {
  const actual =
    kind === 'octets'
      ? digestBytes(reference.digest, base64Of(place.element))
      : canonicalDigest(place.element, reference.canonicalization, reference.digest);
  return compareBytes(actual, reference.expected) === 0;
}

function findTarget(
  reference: XmlReference,
  places: readonly PlacedElement[],
  ids: ReadonlyMap<string, readonly PlacedElement[]>,
): ReferenceTarget {
  const { uri } = reference;
  const [root] = places;
  if (!root) throw new XmlFault('malformed', 'no root');
  if (uri === '') return { reference, place: root, kind: 'node' };
  if (uri.startsWith('#')) return { reference, place: onlyWithId(uri.slice(1), ids), kind: 'node' };
  if (/^cid:/i.test(uri) && !reference.transformed)
    return { reference, place: attachmentContent(uri, places), kind: 'octets' };
  throw new XmlFault('unsupported', 'a reference to elsewhere');
}

/** Elements by every attribute that some reader takes for an id, ids with a namespace (wsu:Id, xml:id) among them. */
function elementsById(places: readonly PlacedElement[]): Map<string, PlacedElement[]> {
  const ids = new Map<string, PlacedElement[]>();
  for (const place of places) {
    for (const { name, value } of place.element.attrs) {
      if (name.toLowerCase() !== 'id') continue;
      const others = ids.get(value);
      if (others) others.push(place);
      else ids.set(value, [place]);
    }
  }
  return ids;
}

function onlyWithId(id: string, ids: ReadonlyMap<string, readonly PlacedElement[]>): PlacedElement {
  if (!/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(id))
    throw new XmlFault('unsupported', 'a reference that is no plain id');
  const [only, ...more] = ids.get(id) ?? [];
  if (more.length > 0) throw new XmlFault('malformed', 'an id that two elements have');
  if (!only || !idAttributes.some((name) => attributeOf(only.element, name) === id))
    throw new XmlFault('data-missing', 'nothing has the id');
  return only;
}

/** The one element with the base64 of the attachment that a content id names (domain/vietnam.md §5.1, §5.4). */
function attachmentContent(uri: string, places: readonly PlacedElement[]): PlacedElement {
  const wanted = unescaped(uri.slice(4));
  const attachments = new Set(places.filter(({ name }) => name === 'Attachment').map(({ path }) => path));
  const named = places
    .filter(({ name, path }) => name === 'ContentId' && attachments.has(parentOf(path)))
    .filter(({ element }) => element.content.replace(/^\s*cid:/i, '').trim() === wanted)
    .map(({ path }) => parentOf(path));
  if (named.length > 1) throw new XmlFault('malformed', 'a content id that comes twice');
  const contents = places.filter(
    ({ name, path }) => name === 'ContentTransferEncoded' && parentOf(path) === named[0],
  );
  const [content] = contents;
  if (!content || contents.length > 1) throw new XmlFault('data-missing', 'no attachment has the content id');
  return content;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    throw new XmlFault('malformed', 'a content id that is badly escaped');
  }
}
