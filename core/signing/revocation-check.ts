import { Asn1Error } from '../asn1/der.ts';
import type { Warning } from '../contract/common.ts';
import type { Clock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { reason } from '../shared/reasons.ts';
import { warning } from '../shared/warning.ts';
import { type Certificate, readCertificates } from '../trust/certificate.ts';
import { crlUrls } from '../trust/distribution-points.ts';
import { ocspUrls } from '../trust/extensions.ts';
import { isSignedBy } from '../trust/issued-by.ts';
import { fetchRevocation } from './revocation-client.ts';

/** What a signature is delayed at most by a responder that is slow or away, and how rarely. */
const PATIENCE_MS = 2_000;
/** A good answer holds so long at most, as long as it says itself between {@link OTHER_MS} and this. */
const GOOD_MS = 60 * 60_000;
/** Any other holds so long: an outage costs one wait in ten minutes, and a certificate on hold may come back. */
const OTHER_MS = 10 * 60_000;
/** Lists of large authorities are left to the level B-LT: this one is read between two signatures. */
const MAX_LIST_BYTES = 1024 * 1024;

type Found =
  | { readonly kind: 'good'; readonly until: Date | undefined }
  | { readonly kind: 'revoked'; readonly at: Date }
  | { readonly kind: 'unknown'; readonly reason: string }
  /** The certificate names nobody who could be asked. */
  | { readonly kind: 'nobody' };

interface Asked {
  readonly found: Promise<Found>;
  /** Whoever asks meanwhile waits no longer than the first, and the next signatures of a batch not at all. */
  readonly outOfPatience: Promise<Found>;
  /** Monotonic milliseconds from which it is asked anew; `undefined` while it is under way. */
  notBefore: number | undefined;
}

export interface RevocationCheckOptions {
  readonly patienceMs?: number;
}

/**
 * Asks, before a token is asked to sign at a level that does not ask by itself (B-B, B-T), whether the signer's own certificate is
 * revoked (docs/decisions/revocation-before-signing.md). Only a clear “revoked” stops the signature; the level is never changed.
 */
export class RevocationCheck {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #asked = new Map<string, Asked>();

  constructor(clock: Clock, { patienceMs = PATIENCE_MS }: RevocationCheckOptions = {}) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /**
   * `chain` is DER of certificates beside it, `issuers` gives further ones. Throws `signing.certificate-revoked`; the warning
   * `signing.revocation-not-asked` says that nobody answered.
   */
  async assertNotRevoked(
    certificate: Uint8Array,
    chain: readonly Uint8Array[],
    issuers: () => Promise<readonly Certificate[]>,
  ): Promise<Warning | undefined> {
    const [leaf] = readable(certificate);
    if (!leaf) return undefined;
    const { found: answer, outOfPatience } = this.#ask(leaf, chain, issuers);
    const found = await Promise.race([answer, outOfPatience]);
    if (found.kind === 'revoked')
      throw new AnThuError('signing.certificate-revoked', { at: found.at.toISOString() });
    return found.kind === 'unknown'
      ? warning('signing.revocation-not-asked', { reason: found.reason })
      : undefined;
  }

  #ask(
    leaf: Certificate,
    chain: readonly Uint8Array[],
    issuers: () => Promise<readonly Certificate[]>,
  ): Asked {
    const known = this.#asked.get(leaf.fingerprint);
    if (known && (known.notBefore === undefined || this.#clock.monotonic() < known.notBefore)) return known;
    const found = this.#seek(leaf, chain, issuers);
    const asked: Asked = { found, outOfPatience: this.#patienceFor(found), notBefore: undefined };
    this.#asked.set(leaf.fingerprint, asked);
    void found.then((answer) => (asked.notBefore = this.#clock.monotonic() + this.#holds(answer)));
    return asked;
  }

  /** One wait for each question, however long it is under way: an answer that comes later counts for the next one. */
  #patienceFor(found: Promise<Found>): Promise<Found> {
    const { promise, resolve } = Promise.withResolvers<Found>();
    const late: Found = { kind: 'unknown', reason: reason('http.no-answer', this.#patienceMs) };
    const timer = setTimeout(resolve, this.#patienceMs, late);
    void found.then(() => clearTimeout(timer));
    return promise;
  }

  #holds(found: Found): number {
    if (found.kind === 'nobody') return GOOD_MS;
    if (found.kind !== 'good') return OTHER_MS;
    const left = (found.until?.getTime() ?? 0) - this.#clock.now().getTime();
    return Math.max(OTHER_MS, Math.min(GOOD_MS, left));
  }

  async #seek(
    leaf: Certificate,
    chain: readonly Uint8Array[],
    issuers: () => Promise<readonly Certificate[]>,
  ): Promise<Found> {
    try {
      if (ocspUrls(leaf).length + crlUrls(leaf).length === 0) return { kind: 'nobody' };
      const pool = [...chain.flatMap(readable), ...(await issuers())];
      const issuer = pool.find((candidate) => isSignedBy(leaf, candidate));
      if (!issuer) return { kind: 'unknown', reason: reason('chain.not-found') };
      const options = { deadlineMs: this.#patienceMs, maximumCrlBytes: MAX_LIST_BYTES };
      const { status, until } = await fetchRevocation(leaf, issuer, this.#clock.now(), options);
      return status.kind === 'revoked' ? { kind: 'revoked', at: status.at } : { kind: 'good', until };
    } catch (thrown) {
      // Whatever went wrong with asking must not keep an office from signing.
      const told = thrown instanceof AnThuError ? thrown.detail['reason'] : undefined;
      return { kind: 'unknown', reason: typeof told === 'string' ? told : reason('revocation.unreadable') };
    }
  }
}

function readable(der: Uint8Array): Certificate[] {
  try {
    return readCertificates(der);
  } catch (error) {
    if (error instanceof Asn1Error) return [];
    throw error;
  }
}
