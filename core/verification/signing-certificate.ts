import { Asn1Error, children, compareBytes, expectTag, tag } from '../asn1/der.ts';
import type { Certificate } from '../trust/certificate.ts';
import { digestBytes } from '../trust/digest.ts';
import { oids } from '../trust/oids.ts';
import { readDigestAlgorithm, type DigestName } from '../trust/signature-algorithm.ts';
import { singleAttribute, type SignerInfo } from './cms.ts';

/** What the signing-certificate attributes say of a certificate. */
export type SigningCertificateCheck = 'match' | 'mismatch' | 'absent';

/**
 * Compares a certificate with the first identifier of signing-certificate-v2 (RFC 5035) and of
 * signing-certificate (RFC 2634, SHA-1); each one that is there must match. Throws {@link Asn1Error} when an
 * attribute is malformed or comes twice.
 */
export function checkSigningCertificate(
  signer: SignerInfo,
  certificate: Certificate,
): SigningCertificateCheck {
  const newer = singleAttribute(signer.signedAttributes, oids.signingCertificateV2);
  const older = singleAttribute(signer.signedAttributes, oids.signingCertificate);
  const checks: boolean[] = [];
  for (const [attribute, fallback] of [
    [newer, 'sha256'],
    [older, 'sha1'],
  ] as const) {
    if (!attribute) continue;
    const [list] = children(expectTag(attribute, tag.sequence));
    const [first] = children(expectTag(list, tag.sequence));
    const fields = children(expectTag(first, tag.sequence));
    const named = attribute === newer && fields[0]?.tag === tag.sequence ? fields.shift() : undefined;
    const digest: DigestName | undefined = named ? readDigestAlgorithm(named.raw) : fallback;
    if (!digest) throw new Asn1Error('unknown digest in the signing-certificate attribute');
    const hash = expectTag(fields[0], tag.octetString).content;
    const actual = digestBytes(digest, certificate.der);
    checks.push(compareBytes(hash, actual) === 0);
  }
  if (checks.length === 0) return 'absent';
  return checks.every(Boolean) ? 'match' : 'mismatch';
}
