import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditRow } from '../contract/audit.ts';

/** What the first entry names as its predecessor. */
export const GENESIS = '0'.repeat(64);

export interface AuditCheck {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string | null;
  /** Sequence of the first entry that does not follow from its predecessor. */
  readonly brokenAt: number | null;
  /** Whether the chain goes through the hash that was noted elsewhere; true when none was given. */
  readonly knownHead: boolean;
}

/** SHA-256 (hex) over the entry's canonical JSON (RFC 8785), which names the hash before it. */
export function entryHash(content: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
}

/** Follows the entries of a log, the first first, as far as each follows from the one before. */
export class ChainWalk {
  #sequence = 0;
  #previous = GENESIS;
  #brokenAt: number | null = null;
  #found: boolean;
  readonly #noted: string | undefined;

  /** `noted`: a head that was written down elsewhere; an end that was cut off and written anew does not lead to it. */
  constructor(noted?: string) {
    this.#noted = noted;
    this.#found = noted === undefined;
  }

  /** Sequence of the last entry that followed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** False for the first entry that does not follow; then the walk is over. */
  follow({ hash, ...content }: AuditRow): boolean {
    const follows =
      this.#brokenAt === null &&
      content.sequence === this.#sequence + 1 &&
      content.previous === this.#previous &&
      entryHash(content) === hash;
    if (follows) {
      this.#sequence = content.sequence;
      this.#previous = hash;
      if (hash === this.#noted) this.#found = true;
    } else this.#brokenAt ??= content.sequence;
    return follows;
  }

  check(): AuditCheck {
    const head = this.#sequence === 0 ? null : this.#previous;
    const brokenAt = this.#brokenAt;
    const knownHead = this.#found;
    return { ok: brokenAt === null && knownHead, entries: this.#sequence, head, brokenAt, knownHead };
  }
}
