import type { SignatureReport } from '../contract/verification.ts';
import { createHash } from 'node:crypto';
import { Asn1Error } from '../asn1/der.ts';
import { oids } from '../trust/oids.ts';
import type { SignerInfo } from './cms.ts';
import {
  authorityName,
  checkTimestamp,
  parseTimestampToken,
  type TimestampContext,
  type TimestampFault,
} from './timestamp-token.ts';

/** One timestamp that speaks for a signature. */
export interface SeenTimestamp {
  readonly time: Date | undefined;
  readonly authority: string;
  readonly ok: boolean;
  readonly fault: TimestampFault | undefined;
}

/** Judges the signature timestamps of a SignerInfo (RFC 3161 appendix A: over the signature value). */
export function readSignatureTimestamps(signer: SignerInfo, context: TimestampContext): SeenTimestamp[] {
  return signer.unsignedAttributes
    .filter((attribute) => attribute.type === oids.signatureTimeStamp)
    .flatMap((attribute) => attribute.values)
    .map((value): SeenTimestamp => {
      try {
        const token = parseTimestampToken(value.raw, 'none');
        const { digest } = token.imprint;
        if (!digest) return { time: token.time, authority: '', ok: false, fault: 'weak-algorithm' };
        const actual = createHash(digest).update(signer.signature).digest();
        const check = checkTimestamp(token, actual, context);
        const authority = authorityName(check.certificate);
        return { time: token.time, authority, ok: check.ok, fault: check.fault };
      } catch (error) {
        if (!(error instanceof Asn1Error)) throw error;
        return { time: undefined, authority: '', ok: false, fault: 'malformed' };
      }
    });
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
}

/** Earliest good timestamp, else the register's receipt, else the signer's own claim. */
export function bestTime(
  seen: readonly SeenTimestamp[],
  registeredAt: Date | undefined,
  claimed: Date | undefined,
): BestTime {
  const good = seen.flatMap(({ ok, time }) => (ok && time ? [time] : []));
  const earliest = good.sort((a, b) => a.getTime() - b.getTime())[0];
  if (earliest) return { proven: earliest, claimed, source: 'timestamp' };
  if (registeredAt) return { proven: registeredAt, claimed, source: 'register' };
  return { proven: undefined, claimed, source: claimed ? 'claimed' : null };
}
