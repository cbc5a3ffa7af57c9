import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { SignatureReport } from '../contract/verification.ts';
import { Asn1Error } from '../asn1/der.ts';
import type { Certificate } from '../trust/certificate.ts';
import { digestBytes } from '../trust/digest.ts';
import { oids } from '../trust/oids.ts';
import type { SignedData, SignerInfo } from './cms.ts';
import { tokenSurvives, type ChainRevocation } from './revocation.ts';
import {
  authorityName,
  checkTimestamp,
  parseTimestampToken,
  type TimestampCheck,
  type TimestampContext,
  type TimestampFault,
  type TimestampToken,
} from './timestamp-token.ts';

/** One timestamp that speaks for a signature. */
export interface SeenTimestamp {
  readonly time: Date | undefined;
  readonly authority: string;
  readonly ok: boolean;
  readonly fault: TimestampFault | undefined;
  /** The authority's path and what is known of its revocation, when it reached an anchor. */
  readonly path: readonly Certificate[];
  readonly revocation: ChainRevocation | undefined;
  readonly data: SignedData | undefined;
}

/** How the revocation of a timestamp authority is found out, and what proves that the token is older. */
export interface AuthorityContext extends TimestampContext {
  /** Time of the oldest document timestamp behind the token. */
  readonly provenBefore: Date | undefined;
  revocationOf(path: readonly Certificate[], token: TimestampToken): Promise<ChainRevocation>;
}

/** A token that is none. */
const unreadableTimestamp: SeenTimestamp = {
  time: undefined,
  authority: '',
  ok: false,
  fault: 'malformed',
  path: [],
  revocation: undefined,
  data: undefined,
};

/** Judges a token and its authority's revocation at the token's time. Throws Asn1Error for malformed parts. */
export async function seeTimestamp(
  token: TimestampToken,
  check: TimestampCheck,
  context: AuthorityContext,
): Promise<SeenTimestamp> {
  const revocation = check.ok ? await context.revocationOf(check.path, token) : undefined;
  const survives = !revocation || tokenSurvives(revocation, context.provenBefore);
  return {
    time: token.time,
    authority: authorityName(check.certificate),
    ok: check.ok && survives,
    fault: survives ? check.fault : 'revoked',
    path: check.path,
    revocation,
    data: token.data,
  };
}

/** A signature has one, or two; what stands behind so many proves nothing. */
const maximumTokens = 20;

/** Judges the signature timestamps of a SignerInfo (RFC 3161 appendix A: over the signature value). */
export async function readSignatureTimestamps(
  signer: SignerInfo,
  context: AuthorityContext,
): Promise<SeenTimestamp[]> {
  const values = signer.unsignedAttributes
    .filter((attribute) => attribute.type === oids.signatureTimeStamp)
    .flatMap((attribute) => attribute.values)
    .slice(0, maximumTokens);
  const seen: SeenTimestamp[] = [];
  for (const value of values) seen.push(await readTimestamp(value.raw, signer.signature, context));
  return seen;
}

/** Judges one token over some bytes; whatever it is that stands there, it only proves a time or does not. */
export async function readTimestamp(
  bytes: Uint8Array,
  over: Uint8Array,
  context: AuthorityContext,
): Promise<SeenTimestamp> {
  try {
    const token = parseTimestampToken(bytes, 'none');
    const { digest } = token.imprint;
    if (!digest) return { ...unreadableTimestamp, time: token.time, fault: 'weak-algorithm' };
    return await seeTimestamp(token, checkTimestamp(token, digestBytes(digest, over), context), context);
  } catch (error) {
    if (error instanceof Asn1Error) return unreadableTimestamp;
    throw error;
  }
}

/** What is wrong with timestamps, in the clerk's words. */
const timestampWords: Readonly<Partial<Record<TimestampFault, VerificationMessageCode>>> = {
  'weak-algorithm': 'verify.timestamp-weak',
  'authority-unknown': 'verify.timestamp-untrusted',
  revoked: 'verify.timestamp-authority-revoked',
};

/** Why timestamps that speak for a signature do not prove its time; every reason once. */
export function timestampNotes(seen: readonly SeenTimestamp[]): VerificationMessageCode[] {
  const codes = seen.flatMap(({ fault }) =>
    fault ? [timestampWords[fault] ?? ('verify.timestamp-invalid' as const)] : [],
  );
  return [...new Set(codes)];
}

/** The timestamps as the report lists them. */
export function describeTimestamps(seen: readonly SeenTimestamp[]): SignatureReport['timestamps'] {
  return seen.map(({ time, authority, ok }) => ({ time: time?.toISOString() ?? null, authority, ok }));
}

/** The best time of a signature and where it comes from (findings/signing-peers.md §3.5, "Time"). */
export interface BestTime {
  readonly proven: Date | undefined;
  readonly claimed: Date | undefined;
  readonly source: SignatureReport['timeSource'];
  /** The timestamp that proves it. */
  readonly timestamp: SeenTimestamp | undefined;
}

/** Earliest good timestamp, else the register's receipt, else the signer's own claim. */
export function bestTime(
  seen: readonly SeenTimestamp[],
  registeredAt: Date | undefined,
  claimed: Date | undefined,
): BestTime {
  const good = seen.flatMap((timestamp) =>
    timestamp.ok && timestamp.time ? [{ timestamp, proven: timestamp.time }] : [],
  );
  const [earliest] = good.sort((a, b) => a.proven.getTime() - b.proven.getTime());
  if (earliest) return { ...earliest, claimed, source: 'timestamp' };
  if (registeredAt) return { proven: registeredAt, claimed, source: 'register', timestamp: undefined };
  return { proven: undefined, claimed, source: claimed ? 'claimed' : null, timestamp: undefined };
}
