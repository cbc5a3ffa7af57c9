import type { DigestName, SignatureAlgorithm } from '../trust/signature-algorithm.ts';

/** Namespaces of XML signatures and of XAdES. */
export const namespaces = {
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
} as const;

export const signedPropertiesType = 'http://uri.etsi.org/01903#SignedProperties';
export const envelopedTransform = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

/** How a part is written down before it is digested. Comments never count: a Signature with one inside is refused. */
export interface Canonicalization {
  readonly mode: 'inclusive' | 'exclusive';
  /** Of the exclusive form only. */
  readonly inclusivePrefixes: readonly string[];
}

const canonicalizations: Readonly<Record<string, Canonicalization['mode']>> = {
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': 'inclusive',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments': 'inclusive',
  'http://www.w3.org/2001/10/xml-exc-c14n#': 'exclusive',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments': 'exclusive',
};

/** The form of a canonicalization's name, or undefined when it is none that we use. */
export function canonicalizationMode(name: string): Canonicalization['mode'] | undefined {
  return Object.hasOwn(canonicalizations, name) ? canonicalizations[name] : undefined;
}

/** What stands where no canonicalization is named (XMLDSig core, reference processing model). */
export const defaultCanonicalization: Canonicalization = { mode: 'inclusive', inclusivePrefixes: [] };

const digests: Readonly<Record<string, DigestName>> = {
  'http://www.w3.org/2000/09/xmldsig#sha1': 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

export function digestOf(name: string): DigestName | undefined {
  return Object.hasOwn(digests, name) ? digests[name] : undefined;
}

/** Public-key signatures only: an HMAC's key is nobody's identity, and its name here would be a confusion of keys. */
const signatures: Readonly<Record<string, SignatureAlgorithm>> = {
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1': { scheme: 'rsa-pkcs1', digest: 'sha1' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { scheme: 'rsa-pkcs1', digest: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { scheme: 'rsa-pkcs1', digest: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { scheme: 'rsa-pkcs1', digest: 'sha512' },
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': {
    scheme: 'rsa-pss',
    digest: 'sha256',
    saltLength: 32,
  },
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1': {
    scheme: 'rsa-pss',
    digest: 'sha384',
    saltLength: 48,
  },
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1': {
    scheme: 'rsa-pss',
    digest: 'sha512',
    saltLength: 64,
  },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1': { scheme: 'ecdsa', digest: 'sha1' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { scheme: 'ecdsa', digest: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { scheme: 'ecdsa', digest: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { scheme: 'ecdsa', digest: 'sha512' },
};

export function signatureAlgorithmOf(name: string): SignatureAlgorithm | undefined {
  return Object.hasOwn(signatures, name) ? signatures[name] : undefined;
}
