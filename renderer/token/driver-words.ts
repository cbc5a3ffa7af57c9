import type { ErrorValue } from '../../core/contract/errors/value.ts';
import type { MessageKey } from '../i18n/catalogue.ts';

const words: Readonly<Record<string, MessageKey>> = {
  'token.driver-crashed': 'token.driver-crashed',
  'token.driver-timeout': 'token.driver-hangs',
  'token.module-slow': 'token.driver-slow',
  'token.module-wrong-architecture': 'token.driver-wrong-bits',
  'token.module-missing': 'token.driver-missing',
};

/** A driver's trouble in two or three words; the sentence stands beside it. */
export function driverWords(trouble: ErrorValue): MessageKey {
  return words[trouble.code] ?? 'token.driver-unusable';
}
