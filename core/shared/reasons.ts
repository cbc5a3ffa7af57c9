import type { ReasonCode } from '../contract/reasons.ts';
import { betweenReasons } from '../contract/sentences.ts';
import type { SigningConcernCode } from '../contract/verification-concerns.ts';
import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import { showOutsideText } from './outside-text.ts';

const LONGEST_VALUE = 200;

/** A reason as it travels in an error's detail: its code, and behind `=` what its words need to know. */
export function reason(
  code: ReasonCode | SigningConcernCode | VerificationMessageCode,
  value?: string | number,
): string {
  if (value === undefined) return code;
  return `${code}=${showOutsideText(String(value)).replaceAll(';', ',').slice(0, LONGEST_VALUE)}`;
}

/** Several reasons as one; what is said twice is said once. */
export function reasons(all: readonly string[]): string {
  return [...new Set(all)].join(betweenReasons);
}
