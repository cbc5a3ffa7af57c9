import type { TrustAnchor } from '../trust/anchors.ts';
import { readCertificates, type Certificate } from '../trust/certificate.ts';
import { issuerUrls } from '../trust/extensions.ts';
import { oids } from '../trust/oids.ts';
import { buildPath, type PathPurpose, type PathFailure, type PathResult } from '../trust/path.ts';
import { readEvidence, type RevocationEvidence } from '../trust/revocation-evidence.ts';
import { certificateStatus } from '../trust/revocation-status.ts';
import { Asn1Error } from '../asn1/der.ts';
import { AnThuError } from '../shared/errors.ts';
import { exchangeHttp, HttpExchangeError } from '../shared/http-exchange.ts';
import { fetchRevocation, type RevocationAnswer, type RevocationClientOptions } from './revocation-client.ts';
import type { ReasonCode } from '../contract/reasons.ts';

/** What a signature needs to be judged for ever: DER of certificates, OCSP responses and revocation lists. */
export interface ValidationData {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** Whom to trust when chains are built for validation data. */
export interface SigningTrust {
  readonly anchors: readonly TrustAnchor[];
  /** Default: the certificates of `anchors`. */
  readonly tsaAnchors?: readonly TrustAnchor[];
  readonly extraCertificates?: readonly Certificate[];
}

/** What is known of a certificate after data was gathered: never "unknown". */
export type RevocationStatus = RevocationAnswer['status'];

/** A chain to gather data for. */
export interface WantedChain {
  readonly leaf: Certificate;
  /** Certificates found beside it. */
  readonly pool: readonly Certificate[];
  readonly purpose: Extract<PathPurpose, 'signature' | 'timestamp'>;
  /** When the leaf's signature was made, as far as is known. */
  readonly usedAt: Date;
}

const MAX_ISSUER_BYTES = 64 * 1024;
const ISSUER_DEADLINE_MS = 10_000;
const MAX_FETCHED_ISSUERS = 4;

/**
 * Gathers validation data chain by chain; what the file already holds is used and not asked for again. Chains may be
 * added in parallel. (signing-peers.md §3.1 "Levels")
 */
export class ValidationCollector {
  readonly #trust: SigningTrust;
  readonly #known: RevocationEvidence;
  readonly #knownCertificates: readonly Certificate[];
  readonly #client: RevocationClientOptions;
  readonly #now: Date;
  readonly #certificates = new Map<string, Uint8Array>();
  readonly #fetched = new Set<RevocationAnswer>();
  readonly #answers = new Map<string, Promise<RevocationStatus>>();

  constructor(
    trust: SigningTrust,
    options: {
      readonly known?: ValidationData;
      readonly client?: RevocationClientOptions;
      readonly now: Date;
    },
  ) {
    this.#trust = trust;
    const { known } = options;
    this.#known = readEvidence('embedded', { lists: known?.crls, responses: known?.ocsps });
    this.#knownCertificates = known?.certificates.flatMap(readable) ?? [];
    this.#client = options.client ?? {};
    this.#now = options.now;
  }

  /**
   * Adds the chain of one signature. Gives what is known of the leaf's own revocation. Throws
   * `signing.chain-untrusted` and `signing.revocation-unavailable`.
   */
  async add(chain: WantedChain): Promise<RevocationStatus | undefined> {
    const path = await this.#path(chain);
    for (const { fingerprint, der } of path) this.#certificates.set(fingerprint, der);
    const answers = await Promise.all(
      path.slice(0, -1).map((certificate, index) => {
        const issuer = path[index + 1];
        return issuer ? this.#answer(certificate, issuer, chain.usedAt) : undefined;
      }),
    );
    return answers[0];
  }

  /** All that was gathered so far, each thing once. */
  data(): ValidationData {
    const evidence = [...this.#fetched];
    return {
      certificates: [...this.#certificates.values()],
      ocsps: evidence.filter(({ kind }) => kind === 'ocsp').map(({ bytes }) => bytes),
      crls: evidence.filter(({ kind }) => kind === 'crl').map(({ bytes }) => bytes),
    };
  }

  #answer(certificate: Certificate, issuer: Certificate, usedAt: Date): Promise<RevocationStatus> {
    const running = this.#answers.get(certificate.fingerprint) ?? this.#seek(certificate, issuer, usedAt);
    this.#answers.set(certificate.fingerprint, running);
    return running;
  }

  async #seek(certificate: Certificate, issuer: Certificate, usedAt: Date): Promise<RevocationStatus> {
    const known = certificateStatus(certificate, issuer, {
      at: usedAt,
      now: this.#now,
      evidence: this.#known,
      pool: this.#knownCertificates,
      anchors: this.#trust.anchors,
    });
    if (known.kind !== 'unknown') return known;
    const answer = await fetchRevocation(certificate, issuer, this.#now, this.#client);
    this.#fetched.add(answer);
    const { delegate } = answer;
    if (delegate && delegate.fingerprint !== certificate.fingerprint) {
      this.#certificates.set(delegate.fingerprint, delegate.der);
      // Without the "no check" mark the delegate may itself have been revoked (RFC 6960 4.2.2.2.1).
      if (!delegate.extensions.has(oids.ocspNoCheck)) await this.#answer(delegate, issuer, usedAt);
    }
    return answer.status;
  }

  async #path({ leaf, pool, purpose, usedAt }: WantedChain): Promise<readonly Certificate[]> {
    const { anchors, tsaAnchors = anchors, extraCertificates = [] } = this.#trust;
    const candidates = [...pool, ...extraCertificates, ...this.#knownCertificates];
    const build = (): PathResult =>
      buildPath(leaf, candidates, purpose === 'timestamp' ? tsaAnchors : anchors, { at: usedAt, purpose });
    let result = build();
    let last = leaf;
    for (let tries = 0; !result.ok && tries < MAX_FETCHED_ISSUERS; tries++) {
      if (result.reason !== 'NO_CERTIFICATE_CHAIN_FOUND') break;
      const fetched = await fetchIssuer(last);
      const [issuer] = fetched;
      if (!issuer) break;
      candidates.push(...fetched);
      last = issuer;
      result = build();
    }
    if (!result.ok)
      throw new AnThuError('signing.chain-untrusted', {
        reason: chainReasons[result.reason],
        detail: result.detail,
      });
    return result.path;
  }
}

const chainReasons: Readonly<Record<PathFailure, ReasonCode>> = {
  NO_CERTIFICATE_CHAIN_FOUND: 'chain.not-found',
  CERTIFICATE_CHAIN_GENERAL_FAILURE: 'chain.broken',
  CHAIN_CONSTRAINTS_FAILURE: 'chain.not-permitted',
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: 'chain.weak-algorithm',
  EXPIRED: 'chain.expired',
  NOT_YET_VALID: 'chain.not-yet-valid',
};

/** The issuer's certificate from where the certificate says it lies; PEM and DER are taken. */
async function fetchIssuer(certificate: Certificate): Promise<Certificate[]> {
  for (const url of issuerUrls(certificate)) {
    try {
      const bytes = await exchangeHttp({
        url,
        method: 'GET',
        deadlineMs: ISSUER_DEADLINE_MS,
        maximumBytes: MAX_ISSUER_BYTES,
        redirects: 2,
      });
      return readCertificates(bytes);
    } catch (error) {
      if (!(error instanceof HttpExchangeError) && !(error instanceof Asn1Error)) throw error;
    }
  }
  return [];
}

function readable(der: Uint8Array): Certificate[] {
  try {
    return readCertificates(der);
  } catch (error) {
    if (error instanceof Asn1Error) return [];
    throw error;
  }
}
