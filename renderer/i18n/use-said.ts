import { useCallback } from 'react';
import { sentenceOf, type Said } from '../../core/contract/sentences.ts';
import { useLanguage } from './use-language.ts';

/** What the engine said (errors, warnings, states) as a sentence of the window's language. */
export type Say = (said: Said) => string;

export function useSaid(): Say {
  const language = useLanguage();
  return useCallback((said) => sentenceOf(said, language), [language]);
}
