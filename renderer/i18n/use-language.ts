import { createContext, useContext } from 'react';
import type { Language } from '../../core/contract/sentences.ts';

/** The window's language, for sentences that come with their own words in both. */
export const LanguageContext = createContext<Language>('vi');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}
