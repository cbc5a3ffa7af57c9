import type { XmlElement } from 'libxml2-wasm';
import { Asn1Error } from '../asn1/der.ts';
import { parseCertificate, type Certificate } from '../trust/certificate.ts';
import type { DigestName, SignatureAlgorithm } from '../trust/signature-algorithm.ts';
import {
  canonicalizationMode,
  defaultCanonicalization,
  digestOf,
  envelopedTransform,
  namespaces,
  signatureAlgorithmOf,
  type Canonicalization,
} from './algorithms.ts';
import { attributeOf, base64Of, childElements, isDs, refuseComments } from './elements.ts';
import { XmlFault } from './xml-fault.ts';

const maximumReferences = 128;
const maximumCertificates = 16;

/** One ds:Reference, as far as we take part in it. */
export interface XmlReference {
  readonly uri: string;
  readonly type: string | undefined;
  readonly enveloped: boolean;
  readonly canonicalization: Canonicalization;
  /** Whether any transform is named; octets from elsewhere may have none. */
  readonly transformed: boolean;
  readonly digest: DigestName;
  readonly expected: Uint8Array;
}

/** A ds:Signature whose shape is exactly the one of the schema's order, with nothing doubled and nothing between. */
export interface XmlSignatureShape {
  readonly element: XmlElement;
  readonly id: string | undefined;
  readonly signedInfo: XmlElement;
  readonly canonicalization: Canonicalization;
  readonly algorithm: SignatureAlgorithm;
  readonly references: readonly XmlReference[];
  readonly valueElement: XmlElement;
  readonly value: Uint8Array;
  /** What ds:KeyInfo offers; a hint whose certificate is meant, never a reason to trust it. */
  readonly certificates: readonly Certificate[];
  readonly objects: readonly XmlElement[];
}

/** Reads a ds:Signature strictly. Throws XmlFault: `malformed`, or `unsupported` for algorithms we do not take. */
export function readSignatureShape(element: XmlElement): XmlSignatureShape {
  refuseComments(element);
  const [signedInfo, valueElement, ...rest] = childElements(element);
  if (
    !signedInfo ||
    !isDs(signedInfo, 'SignedInfo') ||
    !valueElement ||
    !isDs(valueElement, 'SignatureValue')
  )
    throw new XmlFault('malformed', 'SignedInfo or SignatureValue is missing');
  const keyInfo = rest[0] && isDs(rest[0], 'KeyInfo') ? rest.shift() : undefined;
  if (!rest.every((part) => isDs(part, 'Object')))
    throw new XmlFault('malformed', 'odd parts of a signature');
  const [canonicalization, method, ...references] = childElements(signedInfo);
  if (!canonicalization || !isDs(canonicalization, 'CanonicalizationMethod'))
    throw new XmlFault('malformed', 'CanonicalizationMethod is missing');
  if (!method || !isDs(method, 'SignatureMethod'))
    throw new XmlFault('malformed', 'SignatureMethod is missing');
  if (references.length === 0 || !references.every((part) => isDs(part, 'Reference')))
    throw new XmlFault('malformed', 'SignedInfo holds other things than references');
  if (references.length > maximumReferences) throw new XmlFault('limit', 'too many references');
  // HMACOutputLength and parameters: nothing that we take has any.
  const algorithm = signatureAlgorithmOf(attributeOf(method, 'Algorithm') ?? '');
  if (!algorithm || childElements(method).length > 0) throw new XmlFault('unsupported', 'signature method');
  return {
    element,
    id: attributeOf(element, 'Id'),
    signedInfo,
    canonicalization: readCanonicalization(canonicalization),
    algorithm,
    references: references.map(readReference),
    valueElement,
    value: base64Of(valueElement),
    certificates: keyInfo ? readKeyInfo(keyInfo) : [],
    objects: rest,
  };
}

function readCanonicalization(element: XmlElement): Canonicalization {
  const mode = canonicalizationMode(attributeOf(element, 'Algorithm') ?? '');
  if (!mode) throw new XmlFault('unsupported', 'canonicalization');
  const [prefixes, ...more] = childElements(element);
  if (!prefixes) return { mode, inclusivePrefixes: [] };
  const fits =
    prefixes.name === 'InclusiveNamespaces' &&
    prefixes.namespaceUri === namespaces.exclusive &&
    mode === 'exclusive';
  if (!fits || more.length > 0) throw new XmlFault('unsupported', 'parameters of a canonicalization');
  const list = (attributeOf(prefixes, 'PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '');
  return { mode, inclusivePrefixes: list };
}

function readReference(element: XmlElement): XmlReference {
  const parts = childElements(element);
  const transforms = parts[0] && isDs(parts[0], 'Transforms') ? parts.shift() : undefined;
  const [method, value, ...more] = parts;
  if (!method || !isDs(method, 'DigestMethod') || !value || !isDs(value, 'DigestValue') || more.length > 0)
    throw new XmlFault('malformed', 'odd parts of a reference');
  const uri = attributeOf(element, 'URI');
  if (uri === undefined) throw new XmlFault('unsupported', 'a reference without URI');
  const digest = digestOf(attributeOf(method, 'Algorithm') ?? '');
  if (!digest || childElements(method).length > 0) throw new XmlFault('unsupported', 'digest method');
  return {
    uri,
    type: attributeOf(element, 'Type'),
    ...readTransforms(transforms ? childElements(transforms) : []),
    transformed: transforms !== undefined,
    digest,
    expected: base64Of(value),
  };
}

/** [enveloped-signature], then [one canonicalization]; anything that could pick or change content is refused. */
function readTransforms(transforms: XmlElement[]): Pick<XmlReference, 'enveloped' | 'canonicalization'> {
  if (!transforms.every((transform) => isDs(transform, 'Transform')))
    throw new XmlFault('malformed', 'odd transforms');
  const enveloped = transforms[0] && attributeOf(transforms[0], 'Algorithm') === envelopedTransform;
  const left = enveloped ? transforms.slice(1) : transforms;
  if (enveloped && transforms[0] && childElements(transforms[0]).length > 0)
    throw new XmlFault('unsupported', 'parameters of a transform');
  const [last, ...more] = left;
  if (more.length > 0) throw new XmlFault('unsupported', 'more transforms than we take');
  return {
    enveloped: enveloped === true,
    canonicalization: last ? readCanonicalization(last) : defaultCanonicalization,
  };
}

function readKeyInfo(keyInfo: XmlElement): Certificate[] {
  const encoded = childElements(keyInfo)
    .filter((part) => isDs(part, 'X509Data'))
    .flatMap((data) => childElements(data).filter((part) => isDs(part, 'X509Certificate')));
  if (encoded.length > maximumCertificates) throw new XmlFault('limit', 'too many certificates');
  return encoded.map((element) => {
    try {
      return parseCertificate(base64Of(element));
    } catch (error) {
      if (error instanceof Asn1Error) throw new XmlFault('malformed', 'a certificate that is none');
      throw error;
    }
  });
}
