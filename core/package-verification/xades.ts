import type { XmlElement } from 'libxml2-wasm';
import { compareBytes } from '../asn1/der.ts';
import type { Certificate } from '../trust/certificate.ts';
import { digestBytes } from '../trust/digest.ts';
import type { DigestName } from '../trust/signature-algorithm.ts';
import type { SigningCertificateCheck } from '../verification/signing-certificate.ts';
import {
  canonicalizationMode,
  defaultCanonicalization,
  digestOf,
  namespaces,
  signedPropertiesType,
} from './algorithms.ts';
import { canonicalBytes } from './canonical.ts';
import { attributeOf, base64Of, childElements, isDs, plainText } from './elements.ts';
import type { XmlSignatureShape } from './signature-shape.ts';
import { XmlFault } from './xml-fault.ts';

const maximumTimestamps = 8;

/** A timestamp over the signature value, and what it stands over. */
export interface XmlTimestamp {
  readonly token: Uint8Array;
  readonly over: Uint8Array;
}

/** What the XAdES properties of a signature say; claims count only when they are signed along. */
export interface XadesProperties {
  readonly claimedTime: Date | undefined;
  readonly certificateDigests: readonly { readonly digest: DigestName; readonly value: Uint8Array }[];
  readonly timestamps: readonly XmlTimestamp[];
}

/** Reads ds:Object/QualifyingProperties; undefined for a plain XML signature. Throws XmlFault. */
export function readXades(shape: XmlSignatureShape): XadesProperties | undefined {
  const all = shape.objects.flatMap((object) =>
    childElements(object).filter((part) => isXades(part, 'QualifyingProperties')),
  );
  if (all.length > 1) throw new XmlFault('malformed', 'several qualifying properties');
  const [qualifying] = all;
  if (!qualifying) return undefined;
  const [signed, unsigned] = [only(qualifying, 'SignedProperties'), only(qualifying, 'UnsignedProperties')];
  const signature = signed && only(signed, 'SignedSignatureProperties');
  if (!signed || !isReferenced(shape, signed))
    throw new XmlFault('malformed', 'properties that are not signed');
  const timeElement = signature && only(signature, 'SigningTime');
  return {
    claimedTime: timeElement && readTime(plainText(timeElement)),
    certificateDigests: signature ? certificateDigests(signature) : [],
    timestamps: unsigned ? timestampsOf(shape, unsigned) : [],
  };
}

function isReferenced(shape: XmlSignatureShape, signed: XmlElement): boolean {
  const id = attributeOf(signed, 'Id');
  return (
    id !== undefined &&
    shape.references.filter(({ uri, type }) => uri === `#${id}` && type === signedPropertiesType).length === 1
  );
}

const isXades = (element: XmlElement, name: string): boolean =>
  element.name === name && element.namespaceUri === namespaces.xades;

function only(parent: XmlElement, name: string): XmlElement | undefined {
  const found = childElements(parent).filter((child) => isXades(child, name));
  if (found.length > 1) throw new XmlFault('malformed', `${name} comes twice`);
  return found[0];
}

/** An xsd:dateTime with its zone; one without is nobody's instant and counts as absent. */
function readTime(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** The first certificate of SigningCertificate and of SigningCertificateV2: the signer's own. */
function certificateDigests(signature: XmlElement): XadesProperties['certificateDigests'] {
  return ['SigningCertificate', 'SigningCertificateV2'].flatMap((name) => {
    const list = only(signature, name);
    if (!list) return [];
    const [first] = childElements(list);
    const holder = first && only(first, 'CertDigest');
    const [method, value] = holder ? childElements(holder) : [];
    const digest =
      method && isDs(method, 'DigestMethod') ? digestOf(attributeOf(method, 'Algorithm') ?? '') : undefined;
    if (!digest || !value || !isDs(value, 'DigestValue'))
      throw new XmlFault('unsupported', 'a certificate digest');
    return [{ digest, value: base64Of(value) }];
  });
}

export function signingCertificateOf(
  properties: XadesProperties | undefined,
  certificate: Certificate,
): SigningCertificateCheck {
  const digests = properties?.certificateDigests ?? [];
  if (digests.length === 0) return 'absent';
  const fits = digests.every(
    ({ digest, value }) => compareBytes(digestBytes(digest, certificate.der), value) === 0,
  );
  return fits ? 'match' : 'mismatch';
}

function timestampsOf(shape: XmlSignatureShape, unsigned: XmlElement): XmlTimestamp[] {
  const signature = only(unsigned, 'UnsignedSignatureProperties');
  const stamps = signature
    ? childElements(signature).filter((child) => isXades(child, 'SignatureTimeStamp'))
    : [];
  if (stamps.length > maximumTimestamps) throw new XmlFault('limit', 'too many timestamps');
  return stamps.flatMap((stamp) => {
    const parts = childElements(stamp);
    const method = parts.find((part) => isDs(part, 'CanonicalizationMethod'));
    const mode = method
      ? canonicalizationMode(attributeOf(method, 'Algorithm') ?? '')
      : defaultCanonicalization.mode;
    if (!mode) throw new XmlFault('unsupported', 'canonicalization');
    const over = canonicalBytes(shape.valueElement, { mode, inclusivePrefixes: [] });
    return parts
      .filter((part) => isXades(part, 'EncapsulatedTimeStamp'))
      .map((part) => ({ token: base64Of(part), over }));
  });
}
