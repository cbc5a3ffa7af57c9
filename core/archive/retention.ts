import type { FileReport, SignatureReport } from '../contract/verification.ts';

/** What a signed file's provability rests on last. */
export interface Evidence {
  /** The newest document timestamp, or the newest signature where there is none. */
  readonly kind: 'document-timestamp' | 'signature';
  /** End of that one's certificate. */
  readonly end: Date;
  /** Algorithms by their names in reports: digest and scheme. */
  readonly algorithms: readonly string[];
}

/** When a file is in need of another timestamp. */
export interface RetentionPolicy {
  readonly now: Date;
  /** Days before the certificate's end, or before the last day of an algorithm. */
  readonly withinDays: number;
  /** Last day of algorithms by their names in reports (`sha256`, `rsa-pkcs1` …), for the office decides whom it believes. */
  readonly algorithmEnds: Readonly<Record<string, Date>>;
}

export type RetentionReason = 'certificate' | 'algorithm';

const DAY_MS = 24 * 3_600_000;

/** Null for an unsigned file, and for one whose signatures are not intact: there is nothing to keep provable. */
export function evidenceOf(report: FileReport): Evidence | null {
  if (report.verdict === 'invalid' || report.signatures.some(({ integrity }) => integrity !== true))
    return null;
  const last =
    report.signatures.findLast(({ kind }) => kind === 'document-timestamp') ?? report.signatures.at(-1);
  return last?.signer ? evidence(last, last.signer.notAfter) : null;
}

const evidence = ({ kind, digest, scheme }: SignatureReport, notAfter: string): Evidence => ({
  kind,
  end: new Date(notAfter),
  algorithms: [digest, scheme].flatMap((name) => (name === null ? [] : [name.toLowerCase()])),
});

/** Why a file needs a new timestamp under this policy, and since when; null when it does not. */
export function retentionDue(
  found: Evidence,
  policy: RetentionPolicy,
): { readonly reason: RetentionReason; readonly end: Date } | null {
  const horizon = policy.now.getTime() + policy.withinDays * DAY_MS;
  const algorithmEnd = endOfAlgorithms(found, policy);
  const ends = [
    { reason: 'certificate' as const, end: found.end },
    ...(algorithmEnd ? [{ reason: 'algorithm' as const, end: algorithmEnd }] : []),
  ];
  const [first] = ends.toSorted((a, b) => a.end.getTime() - b.end.getTime());
  return first && first.end.getTime() <= horizon ? first : null;
}

/** Whether a renewed file is better off: its evidence lasts longer than what made the old one due. */
export function outlasts(renewed: Evidence | null, old: Evidence, policy: RetentionPolicy): boolean {
  if (renewed?.kind !== 'document-timestamp') return false;
  return lastDay(renewed, policy) > lastDay(old, policy);
}

function lastDay(found: Evidence, policy: RetentionPolicy): number {
  return Math.min(found.end.getTime(), endOfAlgorithms(found, policy)?.getTime() ?? Infinity);
}

function endOfAlgorithms({ algorithms }: Evidence, { algorithmEnds }: RetentionPolicy): Date | undefined {
  return algorithms
    .flatMap((name) => (Object.hasOwn(algorithmEnds, name) ? [algorithmEnds[name]!] : []))
    .toSorted((a, b) => a.getTime() - b.getTime())[0];
}
