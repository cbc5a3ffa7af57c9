import { createHash } from 'node:crypto';
import {
  type Asn1Node,
  children,
  decode,
  expectTag,
  readIntegerHex,
  readOid,
  readTime,
  tag,
} from '../../core/asn1/der.ts';
import type { CertificateSummary } from '../../core/contract/token.ts';

export interface PublicKeyShape {
  readonly keyType: 'rsa' | 'ec';
  readonly bits: number;
}

const commonName = '2.5.4.3';
const organization = '2.5.4.10';
const curveBits: Readonly<Record<string, number>> = {
  '1.2.840.10045.3.1.7': 256,
  '1.3.132.0.34': 384,
  '1.3.132.0.35': 521,
};

interface CertificateParts {
  readonly serial: string;
  readonly issuer: Asn1Node;
  readonly validity: Asn1Node;
  readonly subject: Asn1Node;
  readonly publicKey: Asn1Node;
}

function certificateParts(der: Uint8Array): CertificateParts {
  const [toBeSigned] = children(expectTag(decode(der), tag.sequence));
  const fields = children(expectTag(toBeSigned, tag.sequence));
  const [serial, , issuer, validity, subject, publicKey] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  return {
    serial: readIntegerHex(serial),
    issuer: expectTag(issuer, tag.sequence),
    validity: expectTag(validity, tag.sequence),
    subject: expectTag(subject, tag.sequence),
    publicKey: expectTag(publicKey, tag.sequence),
  };
}

/** BMPString (0x1e) is two bytes a character; the other string types of names are read as UTF-8. */
function textOf(node: Asn1Node): string {
  if (node.tag !== 0x1e) return Buffer.from(node.content).toString('utf8');
  return Buffer.from(node.content.subarray(0, node.content.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** The last value of a type in a distinguished name; empty when absent. */
function nameValue(name: Asn1Node, type: string): string {
  let found = '';
  for (const set of children(name))
    for (const pair of children(set)) {
      const [oid, value] = children(pair);
      if (value && readOid(oid) === type) found = textOf(value);
    }
  return found;
}

/** What people see of a certificate. Throws Asn1Error when it is not one. */
export function summarizeCertificate(der: Uint8Array): CertificateSummary {
  const parts = certificateParts(der);
  const [notBefore, notAfter] = children(parts.validity);
  return {
    der: Buffer.from(der).toString('base64'),
    commonName: nameValue(parts.subject, commonName),
    organization: nameValue(parts.subject, organization),
    issuer: nameValue(parts.issuer, commonName),
    notBefore: readTime(notBefore).toISOString(),
    notAfter: readTime(notAfter).toISOString(),
    serial: parts.serial,
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

/** Type and size of the certificate's key; null for what we do not sign with. */
export function publicKeyShape(der: Uint8Array): PublicKeyShape | null {
  const [algorithm, key] = children(certificateParts(der).publicKey);
  const [type, parameter] = children(expectTag(algorithm, tag.sequence));
  const kind = readOid(type);
  if (kind === '1.2.840.113549.1.1.1') {
    const [modulus] = children(decode(expectTag(key, tag.bitString).content.subarray(1)));
    return { keyType: 'rsa', bits: BigInt(`0x${readIntegerHex(modulus)}`).toString(2).length };
  }
  if (kind !== '1.2.840.10045.2.1' || parameter?.tag !== tag.oid) return null;
  const bits = curveBits[readOid(parameter)];
  return bits === undefined ? null : { keyType: 'ec', bits };
}

/** Whether the issuer name of `certificate` is the subject name of `issuer`. */
export function isIssuedBy(certificate: Uint8Array, issuer: Uint8Array): boolean {
  return Buffer.from(certificateParts(certificate).issuer.raw).equals(certificateParts(issuer).subject.raw);
}

/** The certificates among `others` that lead from `leaf` upwards, nearest first. Names only; nothing is verified. */
export function chainFrom(leaf: Uint8Array, others: readonly Uint8Array[]): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let current = leaf;
  for (;;) {
    const next = others.find(
      (other) => !chain.includes(other) && !Buffer.from(other).equals(leaf) && isIssuedBy(current, other),
    );
    if (!next) return chain;
    chain.push(next);
    current = next;
  }
}
