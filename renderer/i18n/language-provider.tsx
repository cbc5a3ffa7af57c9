import { useEffect, useMemo, type ReactNode } from 'react';
import { useProcedure } from '../engine/use-procedure.ts';
import { translator } from './catalogue.ts';
import { LanguageContext } from './use-language.ts';
import { MessagesContext } from './use-messages.ts';

/** Speaks the language of the settings; Vietnamese until they are known. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const settings = useProcedure('settings.get', {});
  const language = settings.data?.language ?? 'vi';
  const translate = useMemo(() => translator(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <LanguageContext value={language}>
      <MessagesContext value={translate}>{children}</MessagesContext>
    </LanguageContext>
  );
}
