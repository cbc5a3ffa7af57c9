import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  children,
  concatBytes,
  contextConstructed,
  contextPrimitive,
  decode,
  encode,
  generalizedTime,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tag,
  utf8String,
} from '../../core/asn1/der.ts';
import type { KeyUsage } from '../../core/trust/extensions.ts';
import { oids } from '../../core/trust/oids.ts';
import { readBitStringBytes } from '../../core/trust/certificate.ts';

/** A distinguished name as written: general first (C, O, CN). */
export type NameParts = readonly (readonly [keyof typeof attributeOids, string])[];

const attributeOids = {
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
} as const;

/** Name with UTF8String values; the country is a PrintableString as X.520 wants. */
function encodeName(parts: NameParts): Uint8Array {
  return sequence(
    ...parts.map(([type, value]) =>
      setOf([
        sequence(
          oid(attributeOids[type]),
          type === 'C' ? encode(tag.printableString, Buffer.from(value, 'latin1')) : utf8String(value),
        ),
      ]),
    ),
  );
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 4.1.2.5). */
function encodeTime(instant: Date): Uint8Array {
  if (instant.getUTCFullYear() >= 2050) return generalizedTime(instant);
  const text = `${instant.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
  return encode(tag.utcTime, Buffer.from(text, 'latin1'));
}

export const sha256Algorithm = (): Uint8Array => sequence(oid('2.16.840.1.101.3.4.2.1'));

const edwardsOids: Readonly<Record<string, string>> = { ed25519: '1.3.101.112', ed448: '1.3.101.113' };

/** AlgorithmIdentifier of signatures with this kind of key: SHA-256, or EdDSA as it is. */
export function signatureAlgorithmOf(key: KeyObject): Uint8Array {
  const edwards = edwardsOids[key.asymmetricKeyType ?? ''];
  if (edwards !== undefined) return sequence(oid(edwards));
  return key.asymmetricKeyType === 'ec'
    ? sequence(oid('1.2.840.10045.4.3.2'))
    : sequence(oid('1.2.840.113549.1.1.11'), nullValue());
}

export function signBytes(key: KeyObject, data: Uint8Array): Uint8Array {
  return sign(edwardsOids[key.asymmetricKeyType ?? ''] === undefined ? 'sha256' : null, data, key);
}

export function publicKeyInfo(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** SHA-1 (RFC 5280 4.2.1.2) or SHA-256 of the key bits, as key identifiers and OCSP use it. */
export function keyHash(info: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): Uint8Array {
  return createHash(algorithm)
    .update(readBitStringBytes(children(decode(info))[1]))
    .digest();
}

export interface ExtensionPart {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const usageBits: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
];

export function keyUsageExtension(usages: readonly KeyUsage[]): ExtensionPart {
  const positions = usages.map((usage) => usageBits.indexOf(usage));
  const bits = positions.reduce((sum, position) => sum | (0x80 >> position), 0);
  const value = encode(tag.bitString, Uint8Array.of(7 - Math.max(...positions), bits));
  return { id: oids.keyUsage, critical: true, value };
}

export function basicConstraintsExtension(pathLength?: number): ExtensionPart {
  const parts = pathLength === undefined ? [] : [integer(pathLength)];
  return { id: oids.basicConstraints, critical: true, value: sequence(boolean(true), ...parts) };
}

export function extendedKeyUsageExtension(
  purposes: readonly string[],
  critical: 'critical' | 'not-critical',
): ExtensionPart {
  return {
    id: oids.extendedKeyUsage,
    critical: critical === 'critical',
    value: sequence(...purposes.map((purpose) => oid(purpose))),
  };
}

const uri = (url: string): Uint8Array => contextPrimitive(6, Buffer.from(url, 'latin1'));

/** Where to ask for revocation: OCSP address and CRL. */
export function revocationExtensions(ocspUrl: string, crlUrl: string): ExtensionPart[] {
  const access = sequence(sequence(oid(oids.ocspAccess), uri(ocspUrl)));
  const point = sequence(contextConstructed(0, contextConstructed(0, uri(crlUrl))));
  return [
    { id: oids.authorityInfoAccess, critical: false, value: access },
    { id: oids.crlDistributionPoints, critical: false, value: sequence(point) },
  ];
}

/** The mark that keeps sample certificates out of real agencies (core/trust/anchors.ts). */
export function sampleMarkExtension(): ExtensionPart {
  return { id: oids.sampleMark, critical: false, value: utf8String('DỮ LIỆU MẪU') };
}

interface CertificateRequest {
  readonly subject: NameParts;
  readonly subjectKey: KeyObject;
  readonly issuer: NameParts;
  /** Signs the certificate; the subject's own key for a root. */
  readonly issuerKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly ExtensionPart[];
}

/** Positive 16-byte serial number. */
function newSerial(): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function encodeExtension({ id, critical, value }: ExtensionPart): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** An X.509 v3 certificate, DER. Key identifiers are added. */
export function buildCertificate(request: CertificateRequest): Uint8Array {
  const subjectInfo = publicKeyInfo(request.subjectKey);
  const algorithm = signatureAlgorithmOf(request.issuerKey);
  const issuerKeyId = keyHash(publicKeyInfo(request.issuerKey));
  const extensions: ExtensionPart[] = [
    ...request.extensions,
    { id: oids.subjectKeyIdentifier, critical: false, value: octetString(keyHash(subjectInfo)) },
    {
      id: oids.authorityKeyIdentifier,
      critical: false,
      value: sequence(contextPrimitive(0, issuerKeyId)),
    },
  ];
  const signedPart = sequence(
    contextConstructed(0, integer(2)),
    integer(newSerial()),
    algorithm,
    encodeName(request.issuer),
    sequence(encodeTime(request.notBefore), encodeTime(request.notAfter)),
    encodeName(request.subject),
    subjectInfo,
    contextConstructed(3, sequence(...extensions.map(encodeExtension))),
  );
  return sequence(signedPart, algorithm, bitString(signBytes(request.issuerKey, signedPart)));
}

interface RevokedEntry {
  /** Lower-case hex. */
  readonly serial: string;
  readonly at: Date;
}

interface CrlRequest {
  readonly issuer: NameParts;
  readonly issuerKey: KeyObject;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: number;
  readonly revoked: readonly RevokedEntry[];
  /** Further extensions: the scope of a part, the base of a delta. */
  readonly extensions?: readonly ExtensionPart[];
}

function hexBytes(hex: string): Uint8Array {
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
}

/** A full CRL (RFC 5280 5.1), DER. */
export function buildCrl(request: CrlRequest): Uint8Array {
  const algorithm = signatureAlgorithmOf(request.issuerKey);
  const entries = request.revoked.map(({ serial, at }) =>
    sequence(integer(hexBytes(serial)), encodeTime(at)),
  );
  const extensions = [
    {
      id: oids.authorityKeyIdentifier,
      critical: false,
      value: sequence(contextPrimitive(0, keyHash(publicKeyInfo(request.issuerKey)))),
    },
    { id: '2.5.29.20', critical: false, value: integer(request.number) },
    ...(request.extensions ?? []),
  ];
  const signedPart = sequence(
    integer(1),
    algorithm,
    encodeName(request.issuer),
    encodeTime(request.thisUpdate),
    encodeTime(request.nextUpdate),
    ...(entries.length > 0 ? [encode(tag.sequence, concatBytes(entries))] : []),
    contextConstructed(0, sequence(...extensions.map(encodeExtension))),
  );
  return sequence(signedPart, algorithm, bitString(signBytes(request.issuerKey, signedPart)));
}

export function toPem(label: string, der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
