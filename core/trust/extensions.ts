import { children, decode, expectTag, readIntegerHex, readOid, tag } from '../asn1/der.ts';
import type { Certificate } from './certificate.ts';
import { oids } from './oids.ts';

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign';

const keyUsageBits: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
];

/** Key usages (RFC 5280 4.2.1.3), or undefined when the certificate does not restrict them. */
export function keyUsages(certificate: Certificate): ReadonlySet<KeyUsage> | undefined {
  const extension = certificate.extensions.get(oids.keyUsage);
  if (!extension) return undefined;
  const bits = expectTag(decode(extension.value), tag.bitString).content[1] ?? 0;
  return new Set(keyUsageBits.filter((_, index) => bits & (0x80 >> index)));
}

interface BasicConstraints {
  readonly isAuthority: boolean;
  /** How many intermediate certificates may follow; undefined: no limit. */
  readonly pathLength: number | undefined;
}

/** Basic constraints (RFC 5280 4.2.1.9), or undefined when absent. */
export function basicConstraints(certificate: Certificate): BasicConstraints | undefined {
  const extension = certificate.extensions.get(oids.basicConstraints);
  if (!extension) return undefined;
  const parts = children(expectTag(decode(extension.value), tag.sequence));
  const flag = parts[0]?.tag === tag.boolean ? parts[0] : undefined;
  const length = parts[flag ? 1 : 0];
  return {
    isAuthority: flag !== undefined && flag.content[0] !== 0,
    pathLength: length ? Number.parseInt(readIntegerHex(length), 16) : undefined,
  };
}

interface ExtendedKeyUsage {
  readonly critical: boolean;
  readonly purposes: readonly string[];
}

/** Extended key usage (RFC 5280 4.2.1.12), or undefined when absent. */
export function extendedKeyUsage(certificate: Certificate): ExtendedKeyUsage | undefined {
  const extension = certificate.extensions.get(oids.extendedKeyUsage);
  if (!extension) return undefined;
  const purposes = children(expectTag(decode(extension.value), tag.sequence)).map(readOid);
  return { critical: extension.critical, purposes };
}

/** OCSP addresses of the authority information access extension. */
export function ocspUrls(certificate: Certificate): string[] {
  return accessUrls(certificate, oids.ocspAccess);
}

/** Addresses of the issuer's certificate, of the same extension. */
export function issuerUrls(certificate: Certificate): string[] {
  return accessUrls(certificate, oids.issuersAccess);
}

function accessUrls(certificate: Certificate, wanted: string): string[] {
  const extension = certificate.extensions.get(oids.authorityInfoAccess);
  if (!extension) return [];
  return children(expectTag(decode(extension.value), tag.sequence)).flatMap((description) => {
    const [method, location] = children(description);
    return readOid(method) === wanted && location?.tag === 0x86
      ? [Buffer.from(location.content).toString('latin1')]
      : [];
  });
}

/** Whether the certificate carries the mark of sample data. */
export function isSample(certificate: Certificate): boolean {
  return certificate.extensions.has(oids.sampleMark);
}

/** Extensions whose meaning we obey or that bind nothing here; any other critical one fails the path. */
const understood: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.nameConstraints,
  oids.certificatePolicies,
  oids.policyMappings,
  oids.policyConstraints,
  oids.inhibitAnyPolicy,
  oids.freshestCrl,
  oids.subjectAltName,
  oids.issuerAltName,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
  oids.crlDistributionPoints,
  oids.authorityInfoAccess,
  oids.qcStatements,
  oids.ocspNoCheck,
  oids.sampleMark,
]);

/** The id of a critical extension that we do not understand; undefined when there is none. */
export function unknownCriticalExtension({ extensions }: Certificate): string | undefined {
  for (const [id, { critical }] of extensions) if (critical && !understood.has(id)) return id;
  return undefined;
}
