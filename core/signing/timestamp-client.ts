import { randomBytes } from 'node:crypto';
import { AnThuError } from '../shared/errors.ts';
import { exchangeHttp, HttpExchangeError, httpUrl } from '../shared/http-exchange.ts';
import { encodeTimestampRequest, readTimestampResponse } from './timestamp-message.ts';
import { reason } from '../shared/reasons.ts';

/** The agency's TSA was measured at up to 131 s (domain/vietnam.md, head, point 11). */
const DEFAULT_TSA_DEADLINE_MS = 180_000;

const MAX_RESPONSE_BYTES = 1024 * 1024;

export interface TimestampRequest {
  /** `http:` or `https:` address of the TSA. */
  readonly url: string;
  /** SHA-256 of what is to be timestamped. */
  readonly digest: Uint8Array;
  /** Milliseconds for the whole exchange. */
  readonly deadlineMs?: number;
}

/**
 * Asks a TSA (RFC 3161 over HTTP) for a token and checks status, imprint and nonce. The token's own signature is the
 * verifier's matter. Throws `signing.tsa-unavailable` (try later) and `signing.tsa-refused` (look at the settings).
 */
export async function requestTimestamp(request: TimestampRequest): Promise<Uint8Array> {
  if (!httpUrl(request.url))
    throw new AnThuError('signing.tsa-refused', { reason: reason('http.bad-address') });
  const nonce = randomBytes(8);
  const body = encodeTimestampRequest(request.digest, nonce);
  const response = await post(request.url, body, request.deadlineMs ?? DEFAULT_TSA_DEADLINE_MS);
  return readTimestampResponse(response, { sha256: request.digest, nonce });
}

async function post(url: string, body: Uint8Array, deadlineMs: number): Promise<Uint8Array> {
  try {
    return await exchangeHttp({
      url,
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
      deadlineMs,
      maximumBytes: MAX_RESPONSE_BYTES,
    });
  } catch (cause) {
    if (!(cause instanceof HttpExchangeError)) throw cause;
    throw new AnThuError('signing.tsa-unavailable', { reason: cause.message }, { cause });
  }
}
