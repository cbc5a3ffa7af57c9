import { berToDer, isIndefinite } from '../asn1/ber.ts';
import {
  Asn1Error,
  children,
  compareBytes,
  contentOctets,
  decodeAt,
  expectTag,
  headerOctets,
  readIntegerHex,
  readOid,
  setOf,
  tag,
  type Asn1Node,
} from '../asn1/der.ts';
import { parseCertificate, type Certificate } from '../trust/certificate.ts';
import { readName, sameName, type DistinguishedName } from '../trust/distinguished-name.ts';
import { oids } from '../trust/oids.ts';
import { readDigestAlgorithm, type DigestName } from '../trust/signature-algorithm.ts';

/** An attribute of a SignerInfo with its values, DER each. */
interface CmsAttribute {
  readonly type: string;
  readonly values: readonly Asn1Node[];
}

/** The one SignerInfo of a signature (RFC 5652 5.3). */
export interface SignerInfo {
  readonly sid:
    | { readonly kind: 'issuer-and-serial'; readonly issuer: DistinguishedName; readonly serial: string }
    | { readonly kind: 'key-identifier'; readonly id: Uint8Array };
  /** Undefined when the digest algorithm is not one we know. */
  readonly digest: DigestName | undefined;
  /** What was signed: the attributes as SET OF, in the order given; undefined when it was the content itself. */
  readonly signedBytes: Uint8Array | undefined;
  /** The attributes in DER order, where they do not stand in it: some writers sign that and store another order. */
  readonly sortedBytes: Uint8Array | undefined;
  /** Whether the attributes stand in DER order. */
  readonly order: 'sorted' | 'unsorted';
  readonly signedAttributes: readonly CmsAttribute[];
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: readonly CmsAttribute[];
}

export interface SignedData {
  /** How the structure was written; baseline signatures are DER throughout. */
  readonly encoding: 'der' | 'ber';
  readonly contentType: string;
  /** Encapsulated content; undefined when detached. */
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Certificate[];
  /** Revocation lists and OCSP responses that travel along, DER. */
  readonly revocation: { readonly lists: readonly Uint8Array[]; readonly responses: readonly Uint8Array[] };
  readonly signer: SignerInfo;
}

/** Nesting of the structures we read is far smaller. */
const maximumDepth = 40;

/** Refuses lengths that are not in their shortest form (X.690 10.1). */
function assertShortLengths(node: Asn1Node, depth = 0): void {
  if (depth > maximumDepth) throw new Asn1Error('nested too deeply');
  const length = contentOctets(node);
  const lengthBytes = length < 0x80 ? 1 : 1 + Math.ceil(Math.log2(length + 1) / 8);
  if (headerOctets(node) !== 1 + lengthBytes) throw new Asn1Error('length not in shortest form');
  if (node.tag & 0x20) for (const child of children(node)) assertShortLengths(child, depth + 1);
}

function readAttributes(node: Asn1Node): CmsAttribute[] {
  return children(node).map((attribute) => {
    const [type, values, ...rest] = children(expectTag(attribute, tag.sequence));
    if (rest.length > 0) throw new Asn1Error('not an attribute');
    return { type: readOid(type), values: children(expectTag(values, tag.set)) };
  });
}

/** Finds the values of an attribute that may come once with one value; throws when it comes more often. */
export function singleAttribute(attributes: readonly CmsAttribute[], type: string): Asn1Node | undefined {
  const found = attributes.filter((attribute) => attribute.type === type);
  if (found.length === 0) return undefined;
  const [value, ...more] = found[0]?.values ?? [];
  if (found.length > 1 || !value || more.length > 0) throw new Asn1Error('attribute comes more than once');
  return value;
}

function readSignerId(node: Asn1Node | undefined): SignerInfo['sid'] {
  if (node?.tag === 0x80) return { kind: 'key-identifier', id: node.content };
  const [issuer, serial] = children(expectTag(node, tag.sequence));
  return { kind: 'issuer-and-serial', issuer: readName(issuer), serial: readIntegerHex(serial) };
}

function isSorted(nodes: readonly Asn1Node[]): boolean {
  return nodes.every((node, index) => {
    const before = nodes[index - 1];
    return !before || compareBytes(before.raw, node.raw) <= 0;
  });
}

function readSignerInfo(node: Asn1Node): SignerInfo {
  const [version, sid, digestAlgorithm, ...fields] = children(expectTag(node, tag.sequence));
  const signed = fields[0]?.tag === 0xa0 ? fields.shift() : undefined;
  const [signatureAlgorithm, signature, unsigned, ...rest] = fields;
  expectTag(version, tag.integer);
  if (!digestAlgorithm || rest.length > 0) throw new Asn1Error('not a SignerInfo');
  const signedBytes = signed && Uint8Array.from(signed.raw);
  if (signedBytes) signedBytes[0] = tag.set;
  const isOrdered = !signed || isSorted(children(signed));
  return {
    sid: readSignerId(sid),
    digest: readDigestAlgorithm(digestAlgorithm.raw),
    signedBytes,
    sortedBytes: isOrdered ? undefined : setOf(children(signed).map(({ raw }) => raw)),
    order: isOrdered ? 'sorted' : 'unsorted',
    signedAttributes: signed ? readAttributes(signed) : [],
    signatureAlgorithm: expectTag(signatureAlgorithm, tag.sequence).raw,
    signature: expectTag(signature, tag.octetString).content,
    unsignedAttributes: unsigned ? readAttributes(expectTag(unsigned, 0xa1)) : [],
  };
}

function readCertificateSet(node: Asn1Node | undefined): Certificate[] {
  if (!node) return [];
  return children(node).flatMap((item) => {
    if (item.tag !== tag.sequence) return [];
    try {
      return [parseCertificate(item.raw)];
    } catch (error) {
      if (error instanceof Asn1Error) return []; // a certificate that cannot be read serves nobody
      throw error;
    }
  });
}

/** The crls field, and Adobe's signed attribute (RevocationInfoArchival: [0] CRLs, [1] OCSP responses). */
function readTravellingRevocation(lists: Asn1Node | undefined, signer: SignerInfo): SignedData['revocation'] {
  const [archive] = signer.signedAttributes.find(({ type }) => type === oids.revocationArchive)?.values ?? [];
  const parts = archive?.tag === tag.sequence ? children(archive) : [];
  const inside = (number: number): Uint8Array[] =>
    parts
      .filter((part) => part.tag === (0xa0 | number))
      .flatMap((part) => children(part))
      .flatMap((list) => (list.tag === tag.sequence ? children(list).map(({ raw }) => raw) : []));
  const plain = lists ? children(lists).filter((node) => node.tag === tag.sequence) : [];
  return { lists: [...plain.map(({ raw }) => raw), ...inside(0)], responses: inside(1) };
}

/** What may follow the structure: nothing, or the zero bytes that fill a PDF's /Contents. */
export type Padding = 'none' | 'zeros';

/**
 * Reads a ContentInfo with SignedData (RFC 5652 3, 5.1): shortest lengths only, exactly one SignerInfo. Indefinite
 * lengths, which NSS and Java write though a PDF wants DER, are read kindly. Throws {@link Asn1Error}.
 */
export function parseSignedData(bytes: Uint8Array, padding: Padding): SignedData {
  const normalised = isIndefinite(bytes) ? berToDer(bytes) : undefined;
  const info = expectTag(decodeAt(normalised?.der ?? bytes, 0), tag.sequence);
  const rest = bytes.subarray(normalised?.length ?? info.raw.length);
  if (padding === 'none' ? rest.length > 0 : !isZeros(rest)) throw new Asn1Error('bytes after the structure');
  assertShortLengths(info);
  const [type, wrapped, ...more] = children(info);
  if (readOid(type) !== oids.signedData || more.length > 0) throw new Asn1Error('not SignedData');
  const [signedData, ...others] = children(expectTag(wrapped, 0xa0));
  if (others.length > 0) throw new Asn1Error('not SignedData');
  const fields = children(expectTag(signedData, tag.sequence));
  const [version, digestAlgorithms, content, ...tail] = fields;
  expectTag(version, tag.integer);
  const certificates = tail[0]?.tag === 0xa0 ? tail.shift() : undefined;
  const lists = tail[0]?.tag === 0xa1 ? tail.shift() : undefined;
  const [signerSet, ...unexpected] = tail;
  const [signerNode, ...otherSigners] = children(expectTag(signerSet, tag.set));
  if (!signerNode || otherSigners.length > 0 || unexpected.length > 0)
    throw new Asn1Error('not exactly one SignerInfo');
  const [contentType, contentWrapper] = children(expectTag(content, tag.sequence));
  const [octets] = contentWrapper ? children(expectTag(contentWrapper, 0xa0)) : [];
  const signer = readSignerInfo(signerNode);
  const listed = children(expectTag(digestAlgorithms, tag.set)).map((node) => readDigestAlgorithm(node.raw));
  if (!listed.includes(signer.digest)) throw new Asn1Error('digest algorithm is not among those listed');
  return {
    encoding: normalised ? 'ber' : 'der',
    contentType: readOid(contentType),
    content: octets ? expectTag(octets, tag.octetString).content : undefined,
    certificates: readCertificateSet(certificates),
    revocation: readTravellingRevocation(lists, signer),
    signer,
  };
}

const zeros = Buffer.alloc(4096);

function isZeros(bytes: Uint8Array): boolean {
  for (let start = 0; start < bytes.length; start += zeros.length) {
    const piece = bytes.subarray(start, start + zeros.length);
    if (zeros.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
  }
  return true;
}

/**
 * Certificates among `candidates` that the SignerInfo names. Where none has the issuer's name as written, those with the
 * serial number: node-forge garbles names that are not ASCII. The name is not signed, so believing it proves nothing
 * anyway; key, signing-certificate attribute and path do.
 */
export function namedCertificates(signer: SignerInfo, candidates: readonly Certificate[]): Certificate[] {
  const { sid } = signer;
  if (sid.kind === 'key-identifier')
    return candidates.filter((certificate) => {
      const identifier = certificate.extensions.get(oids.subjectKeyIdentifier)?.value;
      return identifier !== undefined && compareBytes(decodeAt(identifier, 0).content, sid.id) === 0;
    });
  const numbered = candidates.filter(({ serial }) => serial === sid.serial);
  const named = numbered.filter(({ issuer }) => sameName(issuer, sid.issuer));
  return named.length > 0 ? named : numbered;
}
