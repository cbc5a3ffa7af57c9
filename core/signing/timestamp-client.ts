import { randomBytes } from 'node:crypto';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AnThuError } from '../shared/errors.ts';
import { encodeTimestampRequest, readTimestampResponse } from './timestamp-message.ts';

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
  const nonce = randomBytes(8);
  const body = encodeTimestampRequest(request.digest, nonce);
  const response = await post(parseUrl(request.url), body, request.deadlineMs ?? DEFAULT_TSA_DEADLINE_MS);
  return readTimestampResponse(response, { sha256: request.digest, nonce });
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new AnThuError('signing.tsa-refused', { reason: 'address is not http(s)' });
  return url;
}

function unavailable(reason: string): AnThuError {
  return new AnThuError('signing.tsa-unavailable', { reason });
}

function post(url: URL, body: Uint8Array, deadlineMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(deadlineMs);
    const fail = (cause: NodeJS.ErrnoException): void => {
      const reason = signal.aborted ? `no answer within ${deadlineMs} ms` : (cause.code ?? cause.message);
      reject(unavailable(reason));
    };
    const options: RequestOptions = {
      method: 'POST',
      signal,
      agent: false,
      headers: {
        'Content-Type': 'application/timestamp-query',
        'Content-Length': body.length,
        Accept: 'application/timestamp-reply',
      },
    };
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, options, (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        reject(unavailable(`HTTP ${response.statusCode}`));
        return;
      }
      collect(response).then(resolve, fail);
    });
    request.on('error', fail);
    request.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_RESPONSE_BYTES) throw new Error('response too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
