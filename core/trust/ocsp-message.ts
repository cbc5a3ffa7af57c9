import {
  Asn1Error,
  children,
  compareBytes,
  contextConstructed,
  decode,
  encode,
  expectTag,
  nullValue,
  octetString,
  oid,
  readOid,
  readTime,
  sequence,
  tag,
  type Asn1Node,
} from '../asn1/der.ts';
import { parseCertificate, publicKeyOf, readBitStringBytes, type Certificate } from './certificate.ts';
import { readName, sameName } from './distinguished-name.ts';
import { digestBytes } from './digest.ts';
import { extendedKeyUsage, keyUsages, unknownCriticalExtension } from './extensions.ts';
import { oids } from './oids.ts';
import { isSignedBy } from './issued-by.ts';
import {
  readDigestAlgorithm,
  readSignatureAlgorithm,
  signatureMatches,
  type SignatureAlgorithm,
} from './signature-algorithm.ts';
import { reason } from '../shared/reasons.ts';

/** What an OCSP responder says of a certificate. */
export type OcspStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly at: Date; readonly reason: number }
  | { readonly kind: 'unknown' };

/** How long an answer without nextUpdate counts. */
const freshMs = 24 * 3600 * 1000;

const keyBitsOf = ({ publicKeyInfo }: Certificate): Uint8Array =>
  readBitStringBytes(children(decode(publicKeyInfo))[1]);

/** CertID with SHA-1 hashes, as every responder understands it (RFC 6960 4.1.1; no signature rests on them). */
function certificateId(certificate: Certificate, issuer: Certificate): Uint8Array {
  return sequence(
    sequence(oid('1.3.14.3.2.26'), nullValue()),
    octetString(digestBytes('sha1', certificate.issuer.raw)),
    octetString(digestBytes('sha1', keyBitsOf(issuer))),
    encode(tag.integer, certificate.serialBytes),
  );
}

/** An OCSP request for one certificate, with a nonce if one is given, DER. */
export function encodeOcspRequest(
  certificate: Certificate,
  issuer: Certificate,
  nonce?: Uint8Array,
): Uint8Array {
  const request = sequence(sequence(certificateId(certificate, issuer)));
  if (!nonce) return sequence(sequence(request));
  const extension = sequence(oid(oids.ocspNonce), octetString(octetString(nonce)));
  return sequence(sequence(request, contextConstructed(2, sequence(extension))));
}

/** A basic OCSP response as read (RFC 6960 4.2.1); nothing is checked yet. */
export interface OcspResponse {
  readonly data: Asn1Node;
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly certificates: readonly Certificate[];
  readonly responderId: Asn1Node;
  readonly producedAt: Date;
  readonly singles: readonly Asn1Node[];
  /** The response's extensions, as they stand. */
  readonly extensions: Asn1Node | undefined;
  /** The nonce extension's value, when there is one. */
  readonly nonce: Uint8Array | undefined;
}

/**
 * Reads an OCSP response, or the bare BasicOCSPResponse that some writers embed. Throws {@link Asn1Error}
 * when it is none or the responder refused.
 */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse {
  const [first, wrapper] = children(expectTag(decode(bytes), tag.sequence));
  if (first?.tag === tag.sequence) return parseBasic(bytes);
  if (expectTag(first, tag.enumerated).content[0] !== 0) throw new Asn1Error(reason('ocsp.refused'));
  const [type, octets] = children(expectTag(children(expectTag(wrapper, 0xa0))[0], tag.sequence));
  if (readOid(type) !== oids.ocspBasic) throw new Asn1Error('not a basic response');
  return parseBasic(expectTag(octets, tag.octetString).content);
}

function parseBasic(bytes: Uint8Array): OcspResponse {
  const [data, algorithm, signature, certificates] = children(expectTag(decode(bytes), tag.sequence));
  if (!data || !algorithm) throw new Asn1Error('not a basic response');
  const fields = children(expectTag(data, tag.sequence));
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [responderId, producedAt, responses, extensions] = fields;
  if (!responderId) throw new Asn1Error('not a basic response');
  const list = certificates ? children(expectTag(children(certificates)[0], tag.sequence)) : [];
  return {
    data,
    algorithm: algorithm.raw,
    signature: readBitStringBytes(signature),
    certificates: list.map((node) => parseCertificate(node.raw)),
    responderId,
    producedAt: readTime(producedAt),
    singles: children(expectTag(responses, tag.sequence)),
    extensions,
    nonce: extensions && readNonce(extensions),
  };
}

function readNonce(extensions: Asn1Node): Uint8Array | undefined {
  for (const extension of children(expectTag(children(extensions)[0], tag.sequence))) {
    const parts = children(extension);
    if (readOid(parts[0]) === oids.ocspNonce) return expectTag(parts.at(-1), tag.octetString).content;
  }
  return undefined;
}

/** Whether the answer carries another nonce than the one that was sent; none at all is lawful. */
export function hasForeignNonce(response: OcspResponse, sent: Uint8Array): boolean {
  return response.nonce !== undefined && compareBytes(response.nonce, octetString(sent)) !== 0;
}

/** What a response says of one certificate, its signature checked. */
export interface OcspAnswer {
  readonly status: OcspStatus;
  readonly thisUpdate: Date;
  /** Without nextUpdate the answer counts a day. */
  readonly validUntil: Date;
  readonly responder: Certificate;
  readonly algorithm: SignatureAlgorithm;
}

/** About whom the response is asked. */
export interface OcspQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/**
 * What a response says of a certificate (RFC 6960 3.2): about exactly this certificate under this issuer's
 * name and key, signed by the responder it names, which is the issuer or somebody whom the issuer itself certified
 * with id-kp-OCSPSigning and who was alive when it answered. Undefined when it is about other certificates;
 * throws {@link Asn1Error} when its signature does not hold.
 */
export function answerFor(response: OcspResponse, question: OcspQuestion): OcspAnswer | undefined {
  const about = response.singles
    .map((node) => children(expectTag(node, tag.sequence)))
    .filter(([id]) => id !== undefined && isAbout(id, question));
  // Of two answers about one certificate the graver counts.
  const single = (['revoked', 'unknown', 'good'] as const)
    .map((kind) => about.find(([, status]) => readStatus(status).kind === kind))
    .find((found) => found !== undefined);
  if (!single) return undefined;
  const extensions = [response.extensions, ...single.slice(3).filter((node) => node.tag === 0xa1)];
  if (extensions.some((list) => list && hasUnknownCritical(list)))
    throw new Asn1Error('a critical extension that is not understood');
  const { responder, algorithm } = checkResponder(response, question.issuer);
  const [, status, thisUpdateNode, ...optional] = single;
  const thisUpdate = readTime(thisUpdateNode);
  const next = optional.find((node) => node.tag === 0xa0);
  return {
    status: readStatus(status),
    thisUpdate,
    validUntil: next ? readTime(children(next)[0]) : new Date(thisUpdate.getTime() + freshMs),
    responder,
    algorithm,
  };
}

/** Extensions of answers that change nothing for us: nonce, CRL reference, archive cutoff, extended revocation (RFC 6960 4.4). */
const understood: ReadonlySet<string> = new Set(
  ['2', '3', '6', '9'].map((last) => `1.3.6.1.5.5.7.48.1.${last}`),
);

function hasUnknownCritical(extensions: Asn1Node): boolean {
  return children(expectTag(children(extensions)[0], tag.sequence)).some((extension) => {
    const [id, critical] = children(extension);
    return critical?.tag === tag.boolean && critical.content[0] !== 0 && !understood.has(readOid(id));
  });
}

function readStatus(node: Asn1Node | undefined): OcspStatus {
  if (node?.tag === 0x80) return { kind: 'good' };
  if (node?.tag !== 0xa1) return { kind: 'unknown' };
  const [at, reason] = children(node);
  const code = reason ? expectTag(children(reason)[0], tag.enumerated).content[0] : undefined;
  return { kind: 'revoked', at: readTime(at), reason: code ?? 0 };
}

function isAbout(id: Asn1Node, { certificate, issuer }: OcspQuestion): boolean {
  const [algorithm, nameHash, keyHash, serial] = children(expectTag(id, tag.sequence));
  const digest = algorithm && readDigestAlgorithm(algorithm.raw);
  if (!digest) return false;
  const same = (node: Asn1Node | undefined, bytes: Uint8Array): boolean =>
    compareBytes(expectTag(node, tag.octetString).content, bytes) === 0;
  return (
    compareBytes(expectTag(serial, tag.integer).content, certificate.serialBytes) === 0 &&
    same(nameHash, digestBytes(digest, certificate.issuer.raw)) &&
    same(keyHash, digestBytes(digest, keyBitsOf(issuer)))
  );
}

function checkResponder(
  response: OcspResponse,
  issuer: Certificate,
): { readonly responder: Certificate; readonly algorithm: SignatureAlgorithm } {
  const algorithm = readSignatureAlgorithm(response.algorithm);
  if (!algorithm) throw new Asn1Error('unknown algorithm of the response');
  const delegated = response.certificates.filter(
    (certificate) =>
      extendedKeyUsage(certificate)?.purposes.includes(oids.ocspSigning) === true &&
      keyUsages(certificate)?.has('digitalSignature') !== false &&
      unknownCriticalExtension(certificate) === undefined &&
      isSignedBy(certificate, issuer) &&
      sameName(certificate.issuer, issuer.subject) &&
      certificate.notBefore <= response.producedAt &&
      response.producedAt <= certificate.notAfter,
  );
  const responder = [issuer, ...delegated].find(
    (candidate) =>
      isNamed(response.responderId, candidate) &&
      signatureMatches(algorithm, publicKeyOf(candidate), response.data.raw, response.signature),
  );
  if (!responder) throw new Asn1Error(reason('ocsp.not-authorised'));
  return { responder, algorithm };
}

/** Whether the responder's identifier (name or key hash) is this certificate's. */
function isNamed(id: Asn1Node, certificate: Certificate): boolean {
  if (id.tag === 0xa1) return sameName(readName(decode(id.content)), certificate.subject);
  if (id.tag !== 0xa2) return false;
  const expected = expectTag(decode(id.content), tag.octetString).content;
  return compareBytes(expected, digestBytes('sha1', keyBitsOf(certificate))) === 0;
}
