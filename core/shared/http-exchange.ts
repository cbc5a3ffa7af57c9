import type { IncomingMessage, RequestOptions } from 'node:http';
import { httpModuleFor } from './http-module.ts';
import { agentFor } from './proxy.ts';
import { reason } from './reasons.ts';
import type { ReasonCode } from '../contract/reasons.ts';

/** One question to a TSA, OCSP responder or CRL host. Trust comes from signatures, so http is as good as https. */
export interface HttpExchange {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange, redirects included. */
  readonly deadlineMs: number;
  /** Bytes of the answer that are taken at most. */
  readonly maximumBytes: number;
  /** Redirects followed; a POST should follow none. */
  readonly redirects?: number;
}

/** Why no answer came; `message` is a coded reason for an error's detail. */
export class HttpExchangeError extends Error {
  constructor(code: ReasonCode, value?: string | number, options?: ErrorOptions) {
    super(reason(code, value), options);
    this.name = 'HttpExchangeError';
  }
}

/** The address as a URL when it is http or https. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

/** The body of a 200 answer. Throws {@link HttpExchangeError}. */
export async function exchangeHttp(exchange: HttpExchange): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(exchange.deadlineMs);
  let address = exchange.url;
  for (let left = exchange.redirects ?? 0; ; left--) {
    const url = httpUrl(address);
    if (!url) throw new HttpExchangeError('http.bad-address');
    const answer = await askOnce(url, exchange, signal, await agentFor(url));
    if ('body' in answer) return answer.body;
    if (left <= 0) throw new HttpExchangeError('http.too-many-redirects');
    address = URL.parse(answer.location, url)?.href ?? '';
  }
}

type Answer = { readonly body: Uint8Array } | { readonly location: string };

function askOnce(
  url: URL,
  exchange: HttpExchange,
  signal: AbortSignal,
  agent: RequestOptions['agent'],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      if (signal.aborted) reject(new HttpExchangeError('http.no-answer', exchange.deadlineMs, { cause }));
      else if (cause instanceof HttpExchangeError) reject(cause);
      else reject(new HttpExchangeError('http.failed', cause.code ?? cause.message, { cause }));
    };
    const length = exchange.body ? { 'Content-Length': exchange.body.length } : {};
    const options: RequestOptions = {
      method: exchange.method,
      signal,
      agent,
      headers: { ...exchange.headers, ...length },
    };
    const request = httpModuleFor(url).request(url, options, (response) => {
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) {
        collect(response, exchange.maximumBytes).then((body) => resolve({ body }), fail);
        return;
      }
      response.destroy();
      if (statusCode >= 301 && statusCode <= 308 && headers.location && exchange.method === 'GET')
        resolve({ location: headers.location });
      else fail(new HttpExchangeError('http.status', statusCode));
    });
    request.on('error', fail);
    request.end(exchange.body);
  });
}

async function collect(response: IncomingMessage, maximumBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > maximumBytes) throw new HttpExchangeError('http.too-large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
