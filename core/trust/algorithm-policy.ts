import type { DigestName, SchemeName } from './signature-algorithm.ts';

/** When this table was last looked at; later ends are announcements, not refusals (see below). */
const policyDate = new Date('2026-11-01T00:00:00Z');

interface Limit {
  readonly applies: (use: AlgorithmUse) => boolean;
  /** First day the algorithm no longer proves anything. */
  readonly until: Date;
}

/** What a signature was made with. */
export interface AlgorithmUse {
  readonly digest: DigestName;
  readonly scheme: SchemeName;
  readonly bits: number;
}

/** Says whether an algorithm counts at a time. */
export type AlgorithmJudge = (use: AlgorithmUse, at: Date) => boolean;

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

const isCurve = ({ scheme }: AlgorithmUse): boolean =>
  scheme === 'ecdsa' || scheme === 'ed25519' || scheme === 'ed448';

/** Ends of algorithms as dated data (findings/signing-peers.md §3.5, "Algorithm policy"). */
const limits: readonly Limit[] = [
  { applies: (use) => use.scheme === 'dsa', until: day('1970-01-01') },
  { applies: (use) => use.digest === 'md5', until: day('2004-08-01') },
  { applies: (use) => use.digest === 'sha1', until: day('2012-08-01') },
  { applies: (use) => use.digest === 'sha224', until: day('2029-01-01') },
  { applies: (use) => !isCurve(use) && use.bits < 1900, until: day('2019-10-01') },
  { applies: (use) => use.scheme === 'rsa-pkcs1' && use.bits >= 1900, until: day('2029-01-01') },
  { applies: (use) => use.scheme === 'rsa-pss' && use.bits < 3000, until: day('2029-01-01') },
  { applies: (use) => use.scheme === 'ecdsa' && use.bits < 256, until: day('2012-08-01') },
];

/**
 * Whether an algorithm counts as safe at a time. An end that lies after the table's own date does not refuse:
 * the world may have changed its mind by then, and an old program must not turn good letters away.
 */
export function algorithmAcceptable(use: AlgorithmUse, at: Date): boolean {
  return limits.every((limit) => !limit.applies(use) || limit.until > policyDate || at < limit.until);
}

/**
 * Whether an official signature may be made with an algorithm at all, however safe. EdDSA is not: the profile of
 * domain/vietnam.md §3.3 is RSA, and no rule we have names EdDSA or SHAKE256 (docs/decisions/disputed-cases.md).
 */
export function algorithmListed({ scheme, digest }: Omit<AlgorithmUse, 'bits'>): boolean {
  return scheme !== 'ed25519' && scheme !== 'ed448' && digest !== 'shake256';
}
