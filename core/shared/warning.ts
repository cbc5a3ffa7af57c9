import type { Warning } from '../contract/common.ts';
import type { ErrorCode } from '../contract/errors/index.ts';
import { sentenceFor } from '../contract/sentences.ts';
import type { ServiceSentenceCode } from '../contract/service-sentences.ts';
import type { ErrorDetail } from './errors.ts';

/** Something a person should know though the work went on; its sentence stands in the table of codes. */
export function warning(code: ErrorCode | ServiceSentenceCode, detail: ErrorDetail = {}): Warning {
  return { code, message: sentenceFor(code, detail), detail };
}
