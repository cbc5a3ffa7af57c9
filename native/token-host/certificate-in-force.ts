import { summarizeCertificate } from './certificate-summary.ts';

/** ISO instants between which a certificate counts. */
interface Life {
  readonly notBefore: string;
  readonly notAfter: string;
}

export const isInForce = ({ notBefore, notAfter }: Life, now: Date): boolean =>
  Date.parse(notBefore) <= now.getTime() && now.getTime() <= Date.parse(notAfter);

/**
 * Of the certificates of one key (a renewed one lies beside the old one) the one to sign with: what is in force now before all else, and
 * of several in force the newest. Where none is, the one that comes into force next, else the one that ended last: what is then
 * said of it is what there is to do. The order in which they were found decides nothing.
 */
export function certificateToUse<T>(
  certificates: readonly T[],
  derOf: (certificate: T) => Uint8Array,
  now: Date,
): T | undefined {
  const ranked = certificates.map((certificate) => {
    const der = derOf(certificate);
    return { certificate, der, life: summarizeCertificate(der) };
  });
  const [best] = ranked.toSorted((a, b) => compareLives(a.life, b.life, now) || Buffer.compare(a.der, b.der));
  return best?.certificate;
}

/** Negative where `a` is to be used rather than `b`. */
export function compareLives(a: Life, b: Life, now: Date): number {
  const rank = rankOf(a, now) - rankOf(b, now);
  if (rank !== 0) return rank;
  const [starts, ends] = [time(a.notBefore) - time(b.notBefore), time(a.notAfter) - time(b.notAfter)];
  switch (rankOf(a, now)) {
    case 0:
      return -starts || -ends;
    case 1:
      return starts || -ends;
    default:
      return -ends || -starts;
  }
}

const time = (instant: string): number => Date.parse(instant);

/** In force, to come, over. */
function rankOf(life: Life, now: Date): 0 | 1 | 2 {
  if (isInForce(life, now)) return 0;
  return time(life.notBefore) > now.getTime() ? 1 : 2;
}
