import type { IncomingHttpHeaders } from 'node:http';

/** What a server that names no time is left alone for. */
const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 3600;

/**
 * How long a server asks to be left alone: whole seconds or a date (RFC 9110 §10.2.3), which counts from the server's own
 * clock where it tells it. At most an hour; half a minute when the header is missing or makes no sense.
 */
export function retryAfterSeconds(headers: Pick<IncomingHttpHeaders, 'retry-after' | 'date'>): number {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), MOST_SECONDS);
  const until = Date.parse(value);
  if (!/[a-z]{3}/i.test(value) || Number.isNaN(until)) return DEFAULT_SECONDS;
  const told = Date.parse(headers.date ?? '');
  const seconds = Math.ceil((until - (Number.isNaN(told) ? Date.now() : told)) / 1000);
  return Math.min(Math.max(seconds, 0), MOST_SECONDS);
}
