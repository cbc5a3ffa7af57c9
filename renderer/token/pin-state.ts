import type { PinState, Token } from '../../core/contract/token.ts';
import type { MessageKey, Translate } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

/** Tone and message of each state of a PIN. */
export const pinWords: Record<PinState, readonly [Tone, MessageKey]> = {
  ok: ['ok', 'pin.state-ok'],
  'count-low': ['warn', 'pin.state-count-low'],
  'final-try': ['bad', 'pin.state-final-try'],
  locked: ['bad', 'pin.state-locked'],
  'must-be-changed': ['warn', 'pin.state-must-be-changed'],
  'not-initialized': ['bad', 'pin.state-not-initialized'],
};

/** What the token says about its PIN, in words. */
export function pinStateWords(token: Token, t: Translate): { tone: Tone; text: string } {
  const [tone, key] = pinWords[token.pinState];
  const tries = token.failedTries > 0 ? ` ${t('pin.failed-tries', { n: token.failedTries })}` : '';
  return { tone, text: t(key) + tries };
}
