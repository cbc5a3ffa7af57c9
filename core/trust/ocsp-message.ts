import { createHash } from 'node:crypto';
import {
  Asn1Error,
  children,
  compareBytes,
  contextConstructed,
  decode,
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
import { extendedKeyUsage } from './extensions.ts';
import { oids } from './oids.ts';
import { isSignedBy } from './path.ts';
import { readSignatureAlgorithm, signatureMatches } from './signature-algorithm.ts';

/** What an OCSP responder says of a certificate. */
export type OcspStatus =
  { readonly kind: 'good' } | { readonly kind: 'revoked'; readonly at: Date } | { readonly kind: 'unknown' };

const toleranceMs = 5 * 60 * 1000;
/** How long an answer without nextUpdate counts. */
const freshMs = 24 * 3600 * 1000;

/** CertID with SHA-1 hashes, as every responder understands it (RFC 6960 4.1.1; no signature rests on them). */
function certificateId(certificate: Certificate, issuer: Certificate): Uint8Array {
  const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();
  const keyBits = readBitStringBytes(children(decode(issuer.publicKeyInfo))[1]);
  const serial = children(decode(certificate.signedPart)).find((node) => node.tag === tag.integer);
  if (!serial) throw new Asn1Error('certificate without serial number');
  return sequence(
    sequence(oid('1.3.14.3.2.26'), nullValue()),
    octetString(sha1(certificate.issuer.raw)),
    octetString(sha1(keyBits)),
    serial.raw,
  );
}

/** An OCSP request for one certificate with a nonce, DER. */
export function encodeOcspRequest(
  certificate: Certificate,
  issuer: Certificate,
  nonce: Uint8Array,
): Uint8Array {
  const extension = sequence(oid(oids.ocspNonce), octetString(octetString(nonce)));
  return sequence(
    sequence(
      sequence(sequence(certificateId(certificate, issuer))),
      contextConstructed(2, sequence(extension)),
    ),
  );
}

/** What an answer is checked against. */
export interface OcspQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly nonce: Uint8Array;
  readonly now: Date;
}

/**
 * Reads and checks an OCSP response (RFC 6960 3.2): signed by the issuer or by a responder that the issuer
 * itself certified with id-kp-OCSPSigning and that is alive now, about exactly this certificate, fresh, and with our
 * nonce if it has one. Throws {@link Asn1Error} when any of it does not hold.
 */
export function readOcspResponse(bytes: Uint8Array, question: OcspQuestion): OcspStatus {
  const [status, wrapper] = children(expectTag(decode(bytes), tag.sequence));
  if (expectTag(status, tag.enumerated).content[0] !== 0) throw new Asn1Error('the responder refused');
  const [type, octets] = children(expectTag(children(expectTag(wrapper, 0xa0))[0], tag.sequence));
  if (readOid(type) !== oids.ocspBasic) throw new Asn1Error('not a basic response');
  const basic = children(decode(expectTag(octets, tag.octetString).content));
  const [data, algorithm, signature, certificates] = basic;
  if (!data || !algorithm) throw new Asn1Error('not a basic response');
  checkResponder(data, algorithm, signature, certificates, question);
  return readSingle(data, question);
}

function checkResponder(
  data: Asn1Node,
  algorithm: Asn1Node,
  signature: Asn1Node | undefined,
  certificates: Asn1Node | undefined,
  { issuer, now }: OcspQuestion,
): void {
  const list = certificates ? children(expectTag(children(certificates)[0], tag.sequence)) : [];
  const delegated = list.map((node) => parseCertificate(node.raw)).filter(
    (certificate) =>
      extendedKeyUsage(certificate)?.purposes.includes(oids.ocspSigning) === true &&
      isSignedBy(certificate, issuer) &&
      certificate.notBefore <= now &&
      now <= certificate.notAfter,
  ); // prettier-ignore
  const how = readSignatureAlgorithm(algorithm.raw);
  const value = readBitStringBytes(signature);
  const right = [issuer, ...delegated].some(
    (responder) => how && signatureMatches(how, publicKeyOf(responder), data.raw, value),
  );
  if (!right) throw new Asn1Error('not signed by an authorised responder');
}

function readSingle(data: Asn1Node, { certificate, issuer, nonce, now }: OcspQuestion): OcspStatus {
  const fields = children(expectTag(data, tag.sequence));
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [, , responses, extensions] = fields;
  checkNonce(extensions, nonce);
  const wanted = certificateId(certificate, issuer);
  const single = children(expectTag(responses, tag.sequence))
    .map((node) => children(expectTag(node, tag.sequence)))
    .find(([id]) => id !== undefined && sameCertificateId(id.raw, wanted));
  if (!single) throw new Asn1Error('the answer is about another certificate');
  const [, status, thisUpdateNode, ...optional] = single;
  const thisUpdate = readTime(thisUpdateNode);
  const next = optional.find((node) => node.tag === 0xa0);
  const until = next ? readTime(children(next)[0]) : new Date(thisUpdate.getTime() + freshMs);
  if (thisUpdate.getTime() > now.getTime() + toleranceMs || until.getTime() < now.getTime() - toleranceMs)
    throw new Asn1Error('the answer is not of now');
  if (status?.tag === 0x80) return { kind: 'good' };
  if (status?.tag === 0xa1) return { kind: 'revoked', at: readTime(children(status)[0]) };
  return { kind: 'unknown' };
}

/** Equal but for the NULL of the hash algorithm, which some responders leave out. */
function sameCertificateId(a: Uint8Array, b: Uint8Array): boolean {
  const parts = (bytes: Uint8Array): Asn1Node[] => children(decode(bytes));
  const [algorithmA, ...restA] = parts(a);
  const [algorithmB, ...restB] = parts(b);
  if (!algorithmA || !algorithmB) return false;
  return (
    readOid(children(algorithmA)[0]) === readOid(children(algorithmB)[0]) &&
    restA.length === restB.length &&
    restA.every((node, index) => compareBytes(node.raw, restB[index]?.raw ?? new Uint8Array()) === 0)
  );
}

function checkNonce(extensions: Asn1Node | undefined, nonce: Uint8Array): void {
  if (!extensions) return;
  for (const extension of children(expectTag(children(extensions)[0], tag.sequence))) {
    const parts = children(extension);
    if (readOid(parts[0]) !== oids.ocspNonce) continue;
    const value = expectTag(parts.at(-1), tag.octetString).content;
    if (compareBytes(value, octetString(nonce)) !== 0) throw new Asn1Error('the nonce is not ours');
  }
}
