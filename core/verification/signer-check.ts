import { compareBytes, expectTag, readOid, tag } from '../asn1/der.ts';
import { readableKey, type Certificate } from '../trust/certificate.ts';
import { oids } from '../trust/oids.ts';
import {
  keyBits,
  readSignatureAlgorithm,
  signatureMatches,
  type SignatureAlgorithm,
} from '../trust/signature-algorithm.ts';
import { namedCertificates, singleAttribute, type SignedData } from './cms.ts';
import { checkSigningCertificate, type SigningCertificateCheck } from './signing-certificate.ts';

/** Certificates of the signer's name and number whose keys are tried; thousands of look-alikes fit in a file. */
const maximumCandidates = 50;

/** What the bytes alone tell: digest, value, certificate. No trust, no time. */
export type SignerCheck =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'hash-differs' }
  | { readonly kind: 'no-certificate' }
  | { readonly kind: 'value-wrong'; readonly certificate: Certificate }
  | {
      readonly kind: 'intact';
      readonly certificate: Certificate;
      readonly algorithm: SignatureAlgorithm;
      readonly bits: number;
      readonly signingCertificate: SigningCertificateCheck;
    };

/** Content that a value without signed attributes was made over; only the older Adobe forms may do without them. */
export type BareContent = Uint8Array | undefined;

/**
 * Checks a SignedData against the digest of what it should cover: content type, message digest, signature
 * value, and whether the certificate is the one that was signed along. Throws Asn1Error for malformed attributes.
 */
export function checkSigner(
  data: SignedData,
  expectedContentType: string,
  contentDigest: Uint8Array,
  furtherCertificates: readonly Certificate[],
  bareContent?: BareContent,
): SignerCheck {
  const { signer } = data;
  const signedBytes = signer.signedBytes ?? bareContent;
  if (!signedBytes) return { kind: 'malformed' };
  const attributes = signer.signedBytes
    ? checkAttributes(data, expectedContentType, contentDigest)
    : undefined;
  if (attributes) return { kind: attributes };
  const algorithm = readSignatureAlgorithm(signer.signatureAlgorithm, signer.digest);
  if (!algorithm) return { kind: 'unsupported' };
  if (algorithm.digest !== signer.digest) return { kind: isEdwards(algorithm) ? 'unsupported' : 'malformed' };
  const candidates = namedCertificates(signer, [...data.certificates, ...furtherCertificates]);
  const [first] = candidates;
  if (!first) return { kind: 'no-certificate' };
  let readable = false;
  for (const certificate of candidates.slice(0, maximumCandidates)) {
    const key = readableKey(certificate);
    readable ||= key !== undefined;
    const orders = signer.sortedBytes ? [signedBytes, signer.sortedBytes] : [signedBytes];
    if (!key || !orders.some((bytes) => signatureMatches(algorithm, key, bytes, signer.signature))) continue;
    const signingCertificate = checkSigningCertificate(signer, certificate);
    return { kind: 'intact', certificate, algorithm, bits: keyBits(key), signingCertificate };
  }
  // A key that nobody here can read has not been shown to be another one.
  return readable ? { kind: 'value-wrong', certificate: first } : { kind: 'unsupported' };
}

/** Some programs digest for EdDSA as they please, against RFC 8419 3.1; that is odd, not forged. */
const isEdwards = ({ scheme }: SignatureAlgorithm): boolean => scheme === 'ed25519' || scheme === 'ed448';

function checkAttributes(
  { contentType, signer }: SignedData,
  expectedContentType: string,
  contentDigest: Uint8Array,
): 'malformed' | 'hash-differs' | undefined {
  const written = singleAttribute(signer.signedAttributes, oids.contentType);
  const messageDigest = singleAttribute(signer.signedAttributes, oids.messageDigest);
  if (!written || !messageDigest) return 'malformed';
  if (readOid(written) !== expectedContentType || contentType !== expectedContentType) return 'malformed';
  const same = compareBytes(expectTag(messageDigest, tag.octetString).content, contentDigest) === 0;
  return same ? undefined : 'hash-differs';
}
