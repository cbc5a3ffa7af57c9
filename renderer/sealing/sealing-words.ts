import type { SealingItem } from '../../core/contract/sealing.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

/** Where a document before the token stands. */
export const sealingWords: Record<SealingItem['state'], readonly [Tone, MessageKey]> = {
  ready: ['info', 'sealing.ready'],
  running: ['info', 'sealing.running'],
  waiting: ['warn', 'sealing.waiting'],
  held: ['idle', 'sealing.held'],
  parked: ['bad', 'sealing.parked'],
};
