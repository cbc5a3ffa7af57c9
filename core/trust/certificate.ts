import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import {
  Asn1Error,
  children,
  compareBytes,
  decode,
  expectTag,
  readIntegerHex,
  readOid,
  readTime,
  tag,
} from '../asn1/der.ts';
import { readName, type DistinguishedName } from './distinguished-name.ts';
import { knownReadings } from './known-readings.ts';

interface CertificateExtension {
  readonly critical: boolean;
  /** Contents of the OCTET STRING: the DER of the extension. */
  readonly value: Uint8Array;
}

/** An X.509 certificate as read from its DER; nothing about it is checked yet. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly version: 1 | 2 | 3;
  /** Lower-case hex of the magnitude. */
  readonly serial: string;
  /** Contents of the INTEGER: tells -1 from 255, as revocation lists must. */
  readonly serialBytes: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array;
  /** By object identifier. */
  readonly extensions: ReadonlyMap<string, CertificateExtension>;
  /** What the issuer signed, with which algorithm (AlgorithmIdentifier, DER) and to which value. */
  readonly signedPart: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/** Contents of a BIT STRING that holds whole octets. */
export function readBitStringBytes(node: Parameters<typeof expectTag>[0]): Uint8Array {
  const { content } = expectTag(node, tag.bitString);
  if (content[0] !== 0) throw new Asn1Error('bit string of odd length');
  return content.subarray(1);
}

function readExtensions(bytes: Uint8Array): Map<string, CertificateExtension> {
  const extensions = new Map<string, CertificateExtension>();
  for (const node of children(expectTag(decode(bytes), tag.sequence))) {
    const parts = children(expectTag(node, tag.sequence));
    const id = readOid(parts[0]);
    const flag = parts[1]?.tag === tag.boolean ? parts[1] : undefined;
    const value = expectTag(parts[flag ? 2 : 1], tag.octetString).content;
    if (extensions.has(id)) throw new Asn1Error('an extension comes twice');
    extensions.set(id, { critical: flag !== undefined && flag.content[0] !== 0, value });
  }
  return extensions;
}

/** Reads a certificate's DER (RFC 5280 4.1); throws {@link Asn1Error} when it is none. */
export const parseCertificate: (der: Uint8Array) => Certificate = knownReadings(8192, readCertificate);

/** Real ones have two thousand; what is read from one takes many times its size. */
const MOST_BYTES = 256 * 1024;

function readCertificate(der: Uint8Array): Certificate {
  if (der.length > MOST_BYTES) throw new Asn1Error('certificate too large');
  const [signedPart, outerAlgorithm, signatureNode, ...rest] = children(expectTag(decode(der), tag.sequence));
  if (!signedPart || !outerAlgorithm || rest.length > 0) throw new Asn1Error('not a certificate');
  const fields = children(expectTag(signedPart, tag.sequence));
  let version: 1 | 2 | 3 = 1;
  if (fields[0]?.tag === 0xa0) {
    const number = readIntegerHex(children(fields[0])[0]);
    version = number === '2' ? 3 : number === '1' ? 2 : 1;
    fields.shift();
  }
  const [serial, innerAlgorithm, issuer, validity, subject, publicKeyInfo, ...optional] = fields;
  if (!innerAlgorithm || compareBytes(innerAlgorithm.raw, outerAlgorithm.raw) !== 0)
    throw new Asn1Error('signature algorithms of the certificate differ');
  const [notBefore, notAfter] = children(expectTag(validity, tag.sequence));
  const extensions = optional.find((node) => node.tag === 0xa3);
  return {
    der,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    version,
    serial: readIntegerHex(serial),
    serialBytes: expectTag(serial, tag.integer).content,
    issuer: readName(issuer),
    subject: readName(subject),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    publicKeyInfo: expectTag(publicKeyInfo, tag.sequence).raw,
    extensions: extensions ? readExtensions(extensions.content) : new Map(),
    signedPart: signedPart.raw,
    signatureAlgorithm: outerAlgorithm.raw,
    signature: readBitStringBytes(signatureNode),
  };
}

/** Certificates of a PEM text (all blocks) or one DER file; throws {@link Asn1Error} when there is none. */
export function readCertificates(bytes: Uint8Array): Certificate[] {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.includes('-----BEGIN')) return [parseCertificate(bytes)];
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = '']) => parseCertificate(Buffer.from(body, 'base64')));
}

/** The certificate's public key for node:crypto; throws when the crypto library does not know its kind. */
export function publicKeyOf({ publicKeyInfo }: Pick<Certificate, 'publicKeyInfo'>): KeyObject {
  const before = publicKeys.get(publicKeyInfo);
  if (before) return before;
  const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
  publicKeys.set(publicKeyInfo, key);
  return key;
}

/** The certificate's public key; undefined when the crypto library does not know its kind. */
export function readableKey(certificate: Pick<Certificate, 'publicKeyInfo'>): KeyObject | undefined {
  try {
    return publicKeyOf(certificate);
  } catch {
    return undefined;
  }
}

/** Parsing a key costs as much as checking a signature with it. */
const publicKeys = new WeakMap<Uint8Array, KeyObject>();
