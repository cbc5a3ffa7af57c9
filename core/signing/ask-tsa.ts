import { AnThuError } from '../shared/errors.ts';
import type { LevelServices } from './levels.ts';
import { requestTimestamp } from './timestamp-client.ts';
import { reason } from '../shared/reasons.ts';

/** A refusal that comes sooner costs a batch no time. */
const LONG_WAIT_MS = 5_000;

/**
 * A token (DER) over a SHA-256 digest. A TSA that several files share and that kept one of them waiting in vain is left
 * alone for a while by the others. Throws `signing.tsa-*`.
 */
export async function askTsa(tsa: LevelServices['tsa'], digest: Uint8Array): Promise<Uint8Array> {
  if (!tsa) throw new AnThuError('signing.tsa-unavailable', { reason: reason('tsa.none') });
  const { patience, ...service } = tsa;
  if (patience && !patience.mayAsk)
    throw new AnThuError('signing.tsa-unavailable', { reason: reason('tsa.just-failed') });
  const started = performance.now();
  try {
    return await requestTimestamp({ ...service, digest });
  } catch (thrown) {
    const away = thrown instanceof AnThuError && thrown.code === 'signing.tsa-unavailable';
    if (away && performance.now() - started >= LONG_WAIT_MS) patience?.failed();
    throw thrown;
  }
}
