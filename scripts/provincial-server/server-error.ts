import type { ServerErrorCode } from '../../core/sync/protocol.ts';

const STATUS: Readonly<Record<ServerErrorCode, number>> = {
  'not-authorised': 401,
  'not-found': 404,
  'invalid-body': 400,
  'invalid-edxml': 422,
  'hash-mismatch': 422,
  'object-missing': 422,
  'wrong-offset': 409,
  'wrong-office': 422,
  'operation-conflict': 409,
  'duplicate-document': 409,
  'duplicate-number': 409,
  'unknown-receiver': 422,
  'too-large': 413,
  busy: 429,
  'server-failed': 500,
};

/** A refusal with its HTTP status and a sentence for the clerk. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;
  readonly status: number;
  readonly have: number | undefined;

  constructor(code: ServerErrorCode, message: string, extra: { have?: number } = {}) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
    this.have = extra.have;
  }
}
