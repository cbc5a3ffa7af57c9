import type { FileReport } from '../contract/verification.ts';
import { toErrorValue, type AnThuError } from '../shared/errors.ts';
import { message } from '../verification/report-words.ts';

/** The report over a file whose check ended at a cap on time or memory: undecided, with the reason. */
export function limitReport(input: string, error: AnThuError): FileReport {
  return {
    input,
    sha256: null,
    verdict: 'indeterminate',
    advice: 'ask',
    signatures: [],
    messages: [message('verify.limit-reached')],
    error: toErrorValue(error),
  };
}
