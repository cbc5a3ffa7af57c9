import { useMessages } from '../i18n/use-messages.ts';

/** The page was opened outside the program. */
export function NoEngine() {
  const t = useMessages();
  return <p style={{ padding: 32, fontFamily: 'sans-serif' }}>{t('shell.no-engine')}</p>;
}
