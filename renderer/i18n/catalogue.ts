import type { Language } from '../../core/contract/sentences.ts';
import en from '../../resources/messages/en.json' with { type: 'json' };
import vi from '../../resources/messages/vi.json' with { type: 'json' };
import { withValues, type SentenceValues } from '../../core/contract/with-values.ts';

export type MessageKey = keyof typeof vi;
export type Translate = (key: MessageKey, values?: SentenceValues) => string;

const catalogues: Record<Language, Record<MessageKey, string>> = { vi, en };

/** The translator of a language; `{name}` in a message stands for a value. */
export function translator(language: Language): Translate {
  const catalogue = catalogues[language];
  return (key, values = {}) => withValues(catalogue[key], values);
}
