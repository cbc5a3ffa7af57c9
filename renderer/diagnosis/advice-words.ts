import type { Advice } from '../../core/contract/token-diagnosis.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

/** How loudly an advice is shown. */
export const adviceTone: Record<Advice['weight'], Tone> = { problem: 'bad', attention: 'warn', fine: 'ok' };

/** The same in a word. */
export const adviceWords: Record<Advice['weight'], MessageKey> = {
  problem: 'diagnosis.problem',
  attention: 'diagnosis.attention',
  fine: 'diagnosis.fine',
};
