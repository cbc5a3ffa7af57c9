import { reasonWords, type ReasonCode } from '../contract/reasons.ts';
import { showOutsideText } from './outside-text.ts';

const BETWEEN = '; ';
const LONGEST_VALUE = 200;

/** A reason as it travels in an error's detail: its code, and behind `=` what its words need to know. */
export function reason(code: ReasonCode, value?: string | number): string {
  if (value === undefined) return code;
  return `${code}=${showOutsideText(String(value)).replaceAll(';', ',').slice(0, LONGEST_VALUE)}`;
}

/** Several reasons as one; what is said twice is said once. */
export function reasons(all: readonly string[]): string {
  return [...new Set(all)].join(BETWEEN);
}

/** The words for coded reasons in a language; what is none stays as it is. */
export function reasonsInWords(text: string, language: 'vi' | 'en'): string {
  const inWords = (part: string): string => {
    const [, code = '', , value = ''] = /^([a-z]+\.[a-z-]+)(=(.*))?$/s.exec(part) ?? [];
    if (!isReason(code)) return part;
    return reasonWords[code][language].replace('{value}', () => value);
  };
  return text.split(BETWEEN).map(inWords).join(BETWEEN);
}

/** Whether a text is a code of a reason. */
export function isReason(text: string): text is ReasonCode {
  return Object.hasOwn(reasonWords, text);
}
