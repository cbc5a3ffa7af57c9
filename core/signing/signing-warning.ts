import { errorMessage, type ErrorDetail } from '../shared/errors.ts';
import type { ErrorCode } from '../contract/errors/index.ts';
import type { SigningWarning } from './prepared-signature.ts';

/** A warning whose sentence stands in the table of codes. */
export function signingWarning(code: ErrorCode, detail: ErrorDetail = {}): SigningWarning {
  return { code, message: errorMessage(code, detail) };
}
