import { children, decode, encode, expectTag, tag, type Asn1Node } from '../asn1/der.ts';
import type { Certificate } from './certificate.ts';
import { readName, type DistinguishedName } from './distinguished-name.ts';
import { readGeneralNames, sameGeneralName, type GeneralName } from './general-names.ts';
import { oids } from './oids.ts';

/** Revocation reasons as a bit set (RFC 5280 4.2.1.13 ReasonFlags; bit n of the number is reason n). */
export type ReasonSet = number;
/** keyCompromise (1) to aACompromise (8). */
export const allReasons: ReasonSet = 0b1_1111_1110;

/** Where the revocation of a certificate is told (RFC 5280 4.2.1.13). */
export interface DistributionPoint {
  /** Empty when the point is named by its CRL issuer alone. */
  readonly names: readonly GeneralName[];
  readonly reasons: ReasonSet;
  /** Set when somebody other than the certificate's issuer signs the list. */
  readonly crlIssuer: readonly GeneralName[] | undefined;
}

/** Reads ReasonFlags; `node` is an implicitly tagged BIT STRING. */
export function readReasons(node: Asn1Node): ReasonSet {
  let set = 0;
  for (let bit = 0; bit <= 8; bit++) {
    const byte = node.content[1 + (bit >> 3)] ?? 0;
    if (byte & (0x80 >> (bit & 7))) set |= 1 << bit;
  }
  return set;
}

/** Reads a DistributionPointName; a relative one is completed by the issuer of the list. */
export function readPointName(node: Asn1Node, issuer: DistinguishedName): GeneralName[] {
  const [choice] = children(node);
  if (choice?.tag === 0xa0) return readGeneralNames(choice);
  if (choice?.tag !== 0xa1) return [];
  const parts = children(expectTag(decode(issuer.raw), tag.sequence)).map(({ raw }) => raw);
  const whole = encode(tag.sequence, ...parts, encode(tag.set, choice.content));
  return [{ kind: 'directory', name: readName(decode(whole)) }];
}

function readPoint(node: Asn1Node, issuer: DistinguishedName): DistributionPoint {
  const parts = children(expectTag(node, tag.sequence));
  const name = parts.find((part) => part.tag === 0xa0);
  const reasons = parts.find((part) => part.tag === 0x81);
  const authority = parts.find((part) => part.tag === 0xa2);
  const crlIssuer = authority && readGeneralNames(authority);
  const [signer] = crlIssuer ?? [];
  const relativeTo = signer?.kind === 'directory' ? signer.name : issuer;
  return {
    names: name ? readPointName(name, relativeTo) : [],
    reasons: reasons ? readReasons(reasons) & allReasons : allReasons,
    crlIssuer,
  };
}

/** The certificate's distribution points; throws Asn1Error when the extension is malformed. */
export function distributionPoints(certificate: Certificate): DistributionPoint[] {
  const extension = certificate.extensions.get(oids.crlDistributionPoints);
  if (!extension) return [];
  return children(expectTag(decode(extension.value), tag.sequence)).map((node) =>
    readPoint(node, certificate.issuer),
  );
}

/** http(s) addresses at which the certificate's own issuer publishes its lists. */
export function crlUrls(certificate: Certificate): string[] {
  return distributionPoints(certificate)
    .flatMap(({ names }) => names)
    .flatMap((name) => (name.kind === 'uri' && /^https?:\/\//i.test(name.value) ? [name.value] : []));
}

/** Whether one name stands in both lists. */
export function shareName(a: readonly GeneralName[], b: readonly GeneralName[]): boolean {
  return a.some((name) => b.some((other) => sameGeneralName(name, other)));
}
