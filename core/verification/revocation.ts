import type { SignatureReport } from '../contract/verification.ts';
import type { TrustAnchor } from '../trust/anchors.ts';
import type { Certificate } from '../trust/certificate.ts';
import {
  joinEvidence,
  noEvidence,
  type EvidenceSource,
  type RevocationEvidence,
} from '../trust/revocation-evidence.ts';
import { certificateStatus, type CertificateStatus } from '../trust/revocation-status.ts';
import { fetchEvidence, fetchLists, namesRevocationService } from './fetch-evidence.ts';
import { failed, undecided, type Judgement } from './judgement.ts';
import type { BestTime } from './signature-time.ts';

interface LaterRevocation {
  readonly at: Date;
  readonly reason: number;
}

/** What is known of the revocation of a chain at a time. */
export interface ChainRevocation {
  readonly kind: 'good' | 'revoked' | 'unknown';
  /** Set when revoked. */
  readonly revoked:
    { readonly at: Date; readonly reason: number; readonly who: 'signer' | 'authority' } | undefined;
  /** When and why the leaf or an authority above it was revoked after the time in question; the gravest of them. */
  readonly later: LaterRevocation | undefined;
  readonly source: SignatureReport['revocationSource'];
  /**
   * Set when the state is wanted and unknown: `later` where a certificate names somebody to ask, `elsewhere` where
   * none does, so that only a list from elsewhere can tell.
   */
  readonly wanted: 'later' | 'elsewhere' | undefined;
}

/** Fetches each certificate's evidence once for all signatures of a file. */
export class EvidenceFetcher {
  readonly #responses = new Map<string, Promise<RevocationEvidence>>();
  readonly #lists = new Map<string, Promise<RevocationEvidence>>();

  responses(certificate: Certificate, issuer: Certificate): Promise<RevocationEvidence> {
    const running = this.#responses.get(certificate.fingerprint) ?? fetchEvidence(certificate, issuer);
    this.#responses.set(certificate.fingerprint, running);
    return running;
  }

  lists(certificate: Certificate): Promise<RevocationEvidence> {
    const running = this.#lists.get(certificate.fingerprint) ?? fetchLists(certificate);
    this.#lists.set(certificate.fingerprint, running);
    return running;
  }
}

export interface RevocationContext {
  /** The time for which the status is wanted. */
  readonly at: Date;
  readonly now: Date;
  /** What is at hand, the best first. */
  readonly evidence: RevocationEvidence;
  readonly pool: readonly Certificate[];
  readonly anchors: readonly TrustAnchor[];
  /** Undefined: nobody is asked. */
  readonly fetcher: EvidenceFetcher | undefined;
  /** Whether a state that could not be had stands in the way of a verdict. */
  readonly whenUnknown: 'try-later' | 'let-pass';
}

const sourceOrder = ['fetched', 'given', 'embedded'] as const;

/**
 * The revocation of a path, leaf first, the anchor left out. Only for paths that reach an anchor, so that a
 * stranger's file makes us call nobody. `unknown` when one certificate's state is not known.
 */
export async function chainRevocation(
  path: readonly Certificate[],
  context: RevocationContext,
): Promise<ChainRevocation> {
  const sources = new Set<EvidenceSource>();
  let unknown = path.length === 0;
  let wanted: ChainRevocation['wanted'];
  let later: ChainRevocation['later'];
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[index + 1];
    if (!issuer) continue;
    const status = await statusOf(certificate, issuer, context);
    if (status.kind === 'revoked' && status.at <= context.at) {
      const who = index === 0 ? 'signer' : 'authority';
      const revoked = { at: status.at, reason: status.reason, who } as const;
      return { kind: 'revoked', revoked, later, source: status.source, wanted: undefined };
    }
    if (status.kind === 'revoked') later = graver(later, { at: status.at, reason: status.reason });
    if (status.kind !== 'unknown') sources.add(status.source);
    else {
      unknown = true;
      if (context.whenUnknown === 'try-later')
        wanted = wanted === 'later' || namesRevocationService(certificate) ? 'later' : 'elsewhere';
    }
  }
  const source = sourceOrder.find((name) => sources.has(name)) ?? 'none';
  return {
    kind: unknown ? 'unknown' : 'good',
    revoked: undefined,
    later,
    source: unknown ? 'none' : source,
    wanted,
  };
}

async function statusOf(
  certificate: Certificate,
  issuer: Certificate,
  context: RevocationContext,
): Promise<CertificateStatus> {
  const judge = (fetched: RevocationEvidence): CertificateStatus =>
    certificateStatus(certificate, issuer, {
      ...context,
      evidence: joinEvidence(context.evidence, fetched),
    });
  const known = judge(noEvidence);
  if (known.kind !== 'unknown' || !context.fetcher) return known;
  const answered = judge(await context.fetcher.responses(certificate, issuer));
  if (answered.kind !== 'unknown') return answered;
  return judge(await context.fetcher.lists(certificate));
}

/** The state is wanted and unknown: to be tried again, or nobody to be asked. */
export function untold(wanted: NonNullable<ChainRevocation['wanted']>): Judgement {
  return undecided(
    'TRY_LATER',
    wanted === 'later' ? 'verify.revocation-unchecked' : 'verify.revocation-no-source',
  );
}

/**
 * What revocation does to a signature that is otherwise good (domain/vietnam.md §3.4): a certificate revoked
 * after a proven time still counts; before it, it does not; without a proven time nobody knows.
 */
export function judgeRevocation(found: ChainRevocation, time: BestTime): Judgement | undefined {
  if (found.wanted) return untold(found.wanted);
  if (!found.revoked) return undefined;
  if (found.revoked.who === 'authority')
    return undecided('REVOKED_CA_NO_POE', 'verify.authority-revoked', 'verify.chain-broken');
  // An entry of our register may be younger than signature and revocation alike.
  if (time.source === 'timestamp')
    return failed('REVOKED', 'verify.revoked', 'verify.certificate-invalid-when-signed');
  return undecided('REVOKED_NO_POE', 'verify.certificate-ended-without-timestamp');
}

/** Reasons that leave the key's earlier work believable (RFC 5280 5.3.1): changes of affiliation, renewal, closing. */
const harmlessReasons: ReadonlySet<number> = new Set([3, 4, 5]);

function graver(known: LaterRevocation | undefined, other: LaterRevocation): LaterRevocation {
  if (!known || (harmlessReasons.has(known.reason) && !harmlessReasons.has(other.reason))) return other;
  return harmlessReasons.has(other.reason) || known.at <= other.at ? known : other;
}

/**
 * Whether a token outlives what is known of its authority's revocation: a stolen key can write tokens of any time, and the key of
 * an authority above can make such authorities, so that only a harmless reason, or a proof that the token existed before, saves
 * the tokens of a key that was revoked later.
 */
export function tokenSurvives(found: ChainRevocation, provenBefore: Date | undefined): boolean {
  if (found.kind === 'revoked') return false;
  if (!found.later) return true;
  return (
    harmlessReasons.has(found.later.reason) || (provenBefore !== undefined && provenBefore < found.later.at)
  );
}
