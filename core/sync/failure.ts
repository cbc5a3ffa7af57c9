import { type AnThuError, asAnThuError } from '../shared/errors.ts';

/**
 * What the queue does about a failed operation: `retry` later by itself; `upload-again` first (the server lost or
 * never had the object), `blocked` until a person acts. Nothing is ever dropped.
 */
export type FailureHandling =
  | { readonly kind: 'retry'; readonly afterSeconds: number | null }
  | { readonly kind: 'upload-again' }
  | { readonly kind: 'blocked' };

/** HTTP states that speak for the whole server, not for the one request: too many requests, and nobody behind the gateway. */
const wholeServer: ReadonlySet<unknown> = new Set([429, 502, 503, 504]);

/** Whether there is no use in asking the province anything more in this round. */
export function endsRound({ code, detail }: AnThuError): boolean {
  return code === 'sync.server-away' || (code === 'sync.server-busy' && wholeServer.has(detail['status']));
}

/** Sorts an error of the connector. Unknown errors are blocked: repeating a defect helps nobody. */
export function handlingOf(thrown: unknown): FailureHandling {
  const error = asAnThuError(thrown);
  switch (error.code) {
    case 'sync.server-busy': {
      const after = error.detail['retryAfterSeconds'];
      return { kind: 'retry', afterSeconds: typeof after === 'number' ? after : null };
    }
    case 'sync.server-away':
    case 'sync.server-untrusted':
    case 'sync.server-nonsense':
    case 'sync.wrong-receipt':
    case 'sync.hash-mismatch':
    // Our own disk, also when the server has taken the operation and its receipt could not be written: the repeat asks for it again.
    case 'store.disk-full':
    case 'store.cannot-write':
      return { kind: 'retry', afterSeconds: null };
    case 'sync.refused':
      return error.detail['serverCode'] === 'object-missing' || error.detail['serverCode'] === 'hash-mismatch'
        ? { kind: 'upload-again' }
        : { kind: 'blocked' };
    default:
      return { kind: 'blocked' };
  }
}
