import { Asn1Error, children, compareBytes, decode, expectTag, readTime, tag } from '../asn1/der.ts';
import { algorithmAcceptable } from '../trust/algorithm-policy.ts';
import type { TrustAnchor } from '../trust/anchors.ts';
import type { Certificate } from '../trust/certificate.ts';
import { digestBytes } from '../trust/digest.ts';
import { nameValue, formatName } from '../trust/distinguished-name.ts';
import { oids } from '../trust/oids.ts';
import { buildPath, type PathFailure } from '../trust/path.ts';
import { readDigestAlgorithm, type DigestName } from '../trust/signature-algorithm.ts';
import { parseSignedData, type Padding, type SignedData } from './cms.ts';
import { checkSigner } from './signer-check.ts';

/** A time-stamp token as read (RFC 3161 2.4.2); nothing is checked yet. */
export interface TimestampToken {
  readonly data: SignedData;
  readonly content: Uint8Array;
  readonly time: Date;
  readonly imprint: { readonly digest: DigestName | undefined; readonly hash: Uint8Array };
}

/** Reads a token; throws {@link Asn1Error}. */
export function parseTimestampToken(bytes: Uint8Array, padding: Padding): TimestampToken {
  const data = parseSignedData(bytes, padding);
  if (data.contentType !== oids.tstInfo || !data.content) throw new Asn1Error('not a time-stamp token');
  const [version, , imprint, , time] = children(expectTag(decode(data.content), tag.sequence));
  if (expectTag(version, tag.integer).content[0] !== 1) throw new Asn1Error('unknown token version');
  const [algorithm, hash] = children(expectTag(imprint, tag.sequence));
  return {
    data,
    content: data.content,
    time: readTime(expectTag(time, tag.generalizedTime)),
    imprint: {
      digest: readDigestAlgorithm(expectTag(algorithm, tag.sequence).raw),
      hash: expectTag(hash, tag.octetString).content,
    },
  };
}

export type TimestampFault =
  | 'malformed'
  | 'imprint-differs'
  | 'value-wrong'
  | 'no-certificate'
  | 'weak-algorithm'
  /** Whole and intact, but nobody here knows who issued the TSA's certificate. */
  | 'authority-unknown'
  /** The chain to an anchor is there and does not hold. */
  | 'authority-unfit'
  | 'revoked';

/** What a token proves; its authority's revocation is not looked at yet. */
export interface TimestampCheck {
  readonly ok: boolean;
  readonly fault: TimestampFault | undefined;
  readonly pathFailure: PathFailure | undefined;
  readonly certificate: Certificate | undefined;
  readonly anchor: TrustAnchor | undefined;
  /** The authority's path, when it reached an anchor. */
  readonly path: readonly Certificate[];
}

export interface TimestampContext {
  readonly anchors: readonly TrustAnchor[];
  readonly furtherCertificates: readonly Certificate[];
  readonly now: Date;
}

/**
 * Checks a token over data whose digest (in the imprint's algorithm) is `actual`: imprint, signature of the
 * TSA, its signing certificate, its chain to a timestamp anchor at the token's time with the critical
 * timeStamping purpose, algorithms that are safe now. Throws Asn1Error for malformed parts.
 */
export function checkTimestamp(
  token: TimestampToken,
  actual: Uint8Array,
  context: TimestampContext,
): TimestampCheck {
  const fail = (fault: TimestampFault, more: Partial<TimestampCheck> = {}): TimestampCheck => ({
    ok: false,
    fault,
    pathFailure: undefined,
    certificate: undefined,
    anchor: undefined,
    path: [],
    ...more,
  });
  if (compareBytes(token.imprint.hash, actual) !== 0) return fail('imprint-differs');
  const { digest } = token.data.signer;
  if (!digest) return fail('malformed');
  const contentDigest = digestBytes(digest, token.content);
  const check = checkSigner(token.data, oids.tstInfo, contentDigest, context.furtherCertificates);
  if (check.kind === 'no-certificate') return fail('no-certificate');
  if (check.kind === 'value-wrong') return fail('value-wrong', { certificate: check.certificate });
  if (check.kind === 'hash-differs') return fail('value-wrong');
  if (check.kind !== 'intact') return fail('malformed');
  const { certificate } = check;
  if (check.signingCertificate !== 'match') return fail('malformed', { certificate });
  const imprintDigest = token.imprint.digest;
  const safe =
    imprintDigest !== undefined &&
    algorithmAcceptable({ ...check.algorithm, bits: check.bits }, context.now) &&
    algorithmAcceptable({ ...check.algorithm, bits: check.bits, digest: imprintDigest }, context.now);
  if (!safe) return fail('weak-algorithm', { certificate });
  const pool = [...token.data.certificates, ...context.furtherCertificates];
  const path = buildPath(certificate, pool, context.anchors, { at: token.time, purpose: 'timestamp' });
  if (!path.ok) {
    const isUnknown = path.reason === 'NO_CERTIFICATE_CHAIN_FOUND';
    return fail(isUnknown ? 'authority-unknown' : 'authority-unfit', {
      certificate,
      pathFailure: path.reason,
    });
  }
  return {
    ok: true,
    fault: undefined,
    pathFailure: undefined,
    certificate,
    anchor: path.anchor,
    path: path.path,
  };
}

/** How a TSA is called in a report. */
export function authorityName(certificate: Certificate | undefined): string {
  if (!certificate) return '';
  return nameValue(certificate.subject, 'CN') ?? formatName(certificate.subject);
}
