import type { ErrorValue } from '../contract/errors/value.ts';
import { asAnThuError, toErrorValue, type AnThuError } from '../shared/errors.ts';

/** A service's answer, or why there is none: an outage costs a level, never the signature. */
export type Settled<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorValue };

/** Codes of outages and of settings to be mended; anything else is a defect or a refusal and is thrown. */
const outages: ReadonlySet<string> = new Set<AnThuError['code']>([
  'signing.tsa-unavailable',
  'signing.tsa-refused',
  'signing.revocation-unavailable',
  'signing.chain-untrusted',
]);

/** … and what may go wrong with the place for what a service gave, once there is a signature to be kept. */
const behindSignature: ReadonlySet<string> = new Set<AnThuError['code']>([
  'signing.write-failed',
  'signing.contents-too-small',
]);

/** Waits for a service and turns an outage into a value. */
export async function settle<T>(work: Promise<T>): Promise<Settled<T>> {
  return settleAmong(work, (code) => outages.has(code));
}

/**
 * Waits for what raises a signature that the token has made already: neither an outage nor a disk that is full takes that one
 * away again. `work` leaves the file as it was when it throws.
 */
export async function settleRaising<T>(work: Promise<T>): Promise<Settled<T>> {
  return settleAmong(work, (code) => outages.has(code) || behindSignature.has(code));
}

async function settleAmong<T>(work: Promise<T>, isOutage: (code: string) => boolean): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work };
  } catch (thrown) {
    const error = asAnThuError(thrown);
    if (!isOutage(error.code)) throw thrown;
    return { ok: false, error: toErrorValue(error) };
  }
}
