import { createContext, useContext } from 'react';

/** The window's language, for sentences that come with their own words in both. */
export const LanguageContext = createContext<'vi' | 'en'>('vi');

export function useLanguage(): 'vi' | 'en' {
  return useContext(LanguageContext);
}
