import { errorDefinitions, type ErrorCode } from '../contract/errors/index.ts';
import type { ErrorValue } from '../contract/errors/value.ts';
import { sentenceFor, type Language } from '../contract/sentences.ts';

/** Facts beside an error: short strings, numbers and booleans, never secrets. */
export type ErrorDetail = Record<string, string | number | boolean | null | undefined>;

/**
 * An error of ours: a code of the contract and its facts. Everything that can go wrong on purpose is
 * thrown as this; anything else that is thrown is a defect.
 */
export class AnThuError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, detail: ErrorDetail = {}, options?: { cause?: unknown }) {
    super(`${code} ${JSON.stringify(detail)}`, options);
    this.name = 'AnThuError';
    this.code = code;
    this.detail = detail;
  }
}

/** Turns anything thrown into the error value of the contract (`code`, `message`, `detail`). */
export function toErrorValue(thrown: unknown, language: Language = 'vi'): ErrorValue {
  const error = asAnThuError(thrown);
  return {
    code: error.code,
    message: sentenceFor(error.code, error.detail, language),
    detail: error.detail,
  };
}

/** Bytes that must be free on the data's disk beside what is about to be written, so that the database can always take one more commit. */
export const DISK_RESERVE_BYTES = 64 * 1024 * 1024;

/** `store.disk-full` for what the system or the database refused for want of room; undefined for other failures. */
export function diskFull(thrown: unknown): AnThuError | undefined {
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'SQLITE_FULL') return undefined;
  return new AnThuError('store.disk-full', { needed: DISK_RESERVE_BYTES, free: 0 }, { cause: thrown });
}

/** Anything thrown, as an error of ours; a full disk is one wherever it shows, and what else is not ours becomes `general.defect`. */
export function asAnThuError(thrown: unknown): AnThuError {
  if (thrown instanceof AnThuError) return thrown;
  const full = diskFull(thrown);
  if (full) return full;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AnThuError('general.defect', { reason }, { cause: thrown });
}

/** Rebuilds an error that crossed a process border as a value. */
export function fromErrorValue(value: ErrorValue): AnThuError {
  const known = value.code in errorDefinitions;
  return known
    ? new AnThuError(value.code as ErrorCode, value.detail)
    : new AnThuError('general.defect', { reason: `unknown error code ${value.code}` });
}
