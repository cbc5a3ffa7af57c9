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
  if (token.failedTries === 0) return { tone, text: t(key) };
  const tries = t('pin.failed-tries', { n: token.failedTries });
  // A file never locks, so its state says nothing of the tries.
  return token.pinState === 'ok' ? { tone: 'warn', text: tries } : { tone, text: `${t(key)} ${tries}` };
}
