import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

/** How sure a proposal is, in three steps and a word each. */
export interface ConfidenceWords {
  readonly tone: Tone;
  readonly title: MessageKey;
}

/** From here on a proposal is called sure. */
const sure = 0.9;
/** From here on it is worth a look; below it is a guess. */
const likely = 0.6;

/** The word for a confidence of 0 to 1; null = nothing was found. */
export function confidenceWords(confidence: number | null): ConfidenceWords {
  if (confidence === null) return { tone: 'idle', title: 'confidence.none' };
  if (confidence >= sure) return { tone: 'ok', title: 'confidence.sure' };
  if (confidence >= likely) return { tone: 'warn', title: 'confidence.likely' };
  return { tone: 'bad', title: 'confidence.guess' };
}
